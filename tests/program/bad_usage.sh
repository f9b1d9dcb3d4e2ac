#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bad input gets one line and status 1, wrong usage status 2, and nothing is left half-written.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 40 1
run=("$thaw" finetune --model "$scratch/model" --output-dir "$scratch/run" --max-steps 2)

expect 2 "subcommand" "$thaw"
expect 2 "--model is required" "$thaw" predict
expect 2 "--modell" "$thaw" predict --model x --modell x
expect 2 "--learning-rate" "${run[@]}" --train-file "$scratch/train.tsv" --learning-rate fast
expect 0 "--freeze" "$thaw" finetune --help
expect 1 "no/such" "$thaw" predict --model no/such
expect 1 "nowhere.tsv" "${run[@]}" --train-file nowhere.tsv
expect 1 "config.json" "$thaw" plan --model "$scratch" --train-file "$scratch/train.tsv"
expect 1 "body" "${run[@]}" --train-file "$scratch/train.tsv" --text-column body
expect 1 "abacus" "${run[@]}" --train-file "$scratch/train.tsv" --device abacus
expect 1 "bert.encoder" "${run[@]}" --train-file "$scratch/train.tsv" --freeze 'bert.encodr.*'
expect 1 "every parameter is frozen" "${run[@]}" --train-file "$scratch/train.tsv" --freeze '*'

printf 'text\tlabel\na b\tx\nc d\n' > "$scratch/short.tsv"
expect 1 "short.tsv:3" "${run[@]}" --train-file "$scratch/short.tsv"
printf 'text\tlabel\na b\tx\nc \xff d\ty\n' > "$scratch/utf8.tsv"
expect 1 "utf8.tsv:3" "${run[@]}" --train-file "$scratch/utf8.tsv"
printf '' > "$scratch/empty.tsv"
expect 1 "empty.tsv" "${run[@]}" --train-file "$scratch/empty.tsv"

head -c 3000 "$scratch/model/model.safetensors" > "$scratch/cut"
cp -r "$scratch/model" "$scratch/cut_model"
mv "$scratch/cut" "$scratch/cut_model/model.safetensors"
expect 1 "model.safetensors" "$thaw" inspect "$scratch/cut_model"
[ ! -e "$scratch/run/model.safetensors" ] || die "a model was written by a run that failed"

# Two runs into one directory.
mkdir -p "$scratch/run"
exec 9> "$scratch/run/.lock"
flock -n 9 || die "cannot lock"
expect 1 "another run" "${run[@]}" --train-file "$scratch/train.tsv"
exec 9>&-

# A full disk (here: a limit on the size of files) leaves the former checkpoint as it was.
"${run[@]}" --train-file "$scratch/train.tsv" --save-strategy steps --save-steps 2 > /dev/null 2>&1 || die "the small run failed"
before=$(cat "$scratch"/run/checkpoint-2/* | sha256sum)
if (ulimit -f 64; "${run[@]}" --train-file "$scratch/train.tsv" --max-steps 4 --save-strategy steps --save-steps 2 --resume > "$scratch/log" 2>&1); then
  die "a save beyond the limit succeeded"
fi
[ "$(wc -l < <(grep -c . "$scratch/log"))" -ge 1 ] || die "no message when the disk is full"
[ "$(cat "$scratch"/run/checkpoint-2/* | sha256sum)" = "$before" ] || die "the former checkpoint was touched"
ls "$scratch"/run | grep -q 'tmp' && die "a half-written checkpoint was left: $(ls -a "$scratch/run")"
echo "bad usage: as it must be"
