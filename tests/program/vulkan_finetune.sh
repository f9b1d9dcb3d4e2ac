#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fine-tuning on the first Vulkan device: the losses of the cpu (or the reference) to 1e-4, and the same bits again.
. "$(dirname "$0")/lib.bash"
"$thaw" devices | grep '^vulkan:0 ' | grep -qv 'not usable: ' || { echo "skipped: there is no Vulkan device"; exit 0; }
host=$("$thaw" devices | grep -oE '^(cpu|reference)' | head -n 1)
small_model
small_data "$scratch/train.tsv" 200 1
small_data "$scratch/validation.tsv" 60 2

run() {  # DEVICE NAME
  "$thaw" finetune --model "$scratch/model" --train-file "$scratch/train.tsv" \
    --validation-file "$scratch/validation.tsv" --batch-size 8 --max-steps 12 --logging-steps 1 --learning-rate 1e-3 \
    --eval-strategy steps --eval-steps 6 --device "$1" --output-dir "$scratch/$2" > "$scratch/$2.out" 2>&1 ||
    die "on $1: $(cat "$scratch/$2.out")"
}
losses() { grep -oE '"(eval_)?loss": *[0-9.eE+-]+' "$scratch/$1/log.jsonl" | sed 's/.*: *//'; }

run vulkan vulkan
run vulkan again
run "$host" host
[ "$(losses vulkan | wc -l)" -ge 12 ] || die "no losses in the log: $(head -n 3 "$scratch/vulkan/log.jsonl")"
paste <(losses vulkan) <(losses host) | awk '{
  d = $1 - $2; if (d < 0) d = -d
  if (d > 1e-4 * $2) { print "step " NR ": " $1 " on vulkan, " $2 " on the host"; exit 1 }
}' || die "the losses differ"
cmp "$scratch/vulkan/model.safetensors" "$scratch/again/model.safetensors" || die "two runs on vulkan differ"
grep -q 'vulkan validation' "$scratch/vulkan.out" && die "$(grep 'vulkan validation' "$scratch/vulkan.out" | head -n 3)"
echo "losses of $(losses vulkan | wc -l) steps and evaluations agree with $host; two runs are identical"
