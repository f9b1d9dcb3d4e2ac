#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A BERT whose lower part is frozen: the run that keeps what it gives, in memory or in files that runs share, ends with
# the bits of one that keeps nothing: with files of other batches, damaged ones, those of a killed run, of two at once.
. "$(dirname "$0")/lib.bash"

small_model
small_data "$scratch/train.tsv" 60 1
small_data "$scratch/dev.tsv" 20 2
cache=$scratch/cache
train() {  # OUT FROZEN...
  finetune_quietly "$@" --train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv" --num-train-epochs 3 \
    --seed 1 "${frozen[@]}"
}
same_run() {
  same_weights "$scratch/$1" "$scratch/plain" "$2: other weights"
  cmp -s "$scratch/$1/eval_results.json" "$scratch/plain/eval_results.json" || die "$2: another evaluation"
}

for frozen in "--freeze bert.*" "--freeze bert.embeddings.*,bert.encoder.layer.0.*"; do
  IFS=' ,' read -r -a words <<< "$frozen"
  frozen=("${words[0]}" "${words[@]:1:1}")
  for more in "${words[@]:2}"; do frozen+=(--freeze "$more"); done
  rm -rf "$cache" "$scratch"/{plain,memory,first,second,other,damaged}
  train "$scratch/plain" --cache-memory 0
  train "$scratch/memory"
  holds "$scratch/log" "^the frozen part of the model (bert.embeddings to .*) runs once for each of" "what is kept"
  same_run memory "kept in memory"
  train "$scratch/other" --cache "$cache" --batch-size 5
  holds "$scratch/log" "MB are kept in $cache\$" "what is kept in files"
  train "$scratch/second" --cache "$cache"
  holds "$scratch/log" "are there already\$" "what was there"
  same_run second "found in files of other batches"
  # A byte flipped in the middle, and the end cut off.
  for file in "$cache"/*/*.rows; do
    size=$(stat -c %s "$file")
    printf '\xff\xfe\xfd' | dd of="$file" bs=1 seek=$((size / 2)) conv=notrunc status=none
    truncate -s -7 "$file"
  done
  train "$scratch/damaged" --cache "$cache"
  holds "$scratch/log" "^warning: $cache/.*: is damaged.* computed again" "what is damaged"
  same_run damaged "of damaged files"
done

# Killed at any moment, with the files of all that was killed before.
rm -rf "$cache"
for attempt in 1 2 3 4 5 6; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 --batch-size 16 \
      --train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv" --num-train-epochs 3 --seed 1 \
      "${frozen[@]}" --save-strategy steps --save-steps 2 --cache "$cache" --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 40 + 5)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
train "$scratch/killed" --save-strategy steps --save-steps 2 --cache "$cache" --resume-if-any
same_run killed "killed and gone on with"

# Two at once.
rm -rf "$cache"
for out in left right; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/$out" --learning-rate 3e-3 --batch-size 16 \
      --save-strategy no --train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv" --num-train-epochs 3 \
      --seed 1 "${frozen[@]}" --cache "$cache" > "$scratch/log.$out" 2>&1 ) &
done
wait
for out in left right; do same_run "$out" "two at once ($(cat "$scratch/log.$out"))"; done

# What cannot be of use is told, and bad values are refused.
common=(--model "$scratch/model" --train-file "$scratch/train.tsv" --output-dir "$scratch/none" --max-steps 1)
expect 0 "warning: --cache has no effect: no layer at the bottom of the model is frozen" "$thaw" finetune \
  "${common[@]}" --cache "$cache"
rm -rf "$scratch/none"
expect 1 "$scratch/train.tsv: the folder to keep a frozen part's results in cannot be used" "$thaw" finetune \
  "${common[@]}" --freeze 'bert.*' --cache "$scratch/train.tsv"
expect 2 "--cache-dtype" "$thaw" finetune "${common[@]}" --cache "$cache" --cache-dtype f8
expect 2 "--cache" "$thaw" finetune "${common[@]}" --cache-bytes 5
"$thaw" plan "${common[@]}" --freeze 'bert.*' --num-train-epochs 3 --max-steps -1 --cache "$cache" \
  > "$scratch/plan" 2>&1 || die "plan: $(cat "$scratch/plan")"
holds "$scratch/plan" "runs once for each of .* MB are kept in $cache" "what the plan tells of"
holds "$scratch/plan" "% less from the second epoch on" "what the plan saves"
echo "prefix cache: kept, found, damaged, killed, two at once"
