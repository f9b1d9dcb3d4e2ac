#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# mask chooses single weights, always the same; finetune trains so many and no more; broken masks are refused in one
# line.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 64 1
cd "$scratch"

choose() {
  "$thaw" mask --model model --train-file train.tsv --freeze '*.bias' --train 'classifier.*' \
    --output mask.safetensors "$@"
}
tune() {
  rm -rf run
  "$thaw" finetune --model "${model:-model}" --train-file train.tsv --output-dir run --batch-size 16 \
    --num-train-epochs 1 --learning-rate 1e-3 --weight-decay 0.5 --save-strategy no "$@"
}
masked=(--freeze '*' --train 'classifier.*' --train '* mask mask.safetensors')

choose --keep 0.01 > out 2> err || die "mask: $(cat err)"
holds out '^mask.safetensors: [0-9]* of [0-9]* numbers ([0-9.]* per mille) of [0-9]* tensors$' "what was chosen"
holds out '^no masks of what the checkpoint does not have: classifier' "the head"
read -r ones all < <(sed -n 's/^mask.safetensors: \([0-9]*\) of \([0-9]*\) .*/\1 \2/p' out)
[ "$ones" = $(((all + 50) / 100)) ] || die "$ones of $all numbers are no hundredth"
total=$(sed -n 's/.*\]: \([0-9]*\) of .*/\1/p' out | awk '{ n += $1 } END { print n }')
[ "$total" = "$ones" ] || die "the tensors' numbers: $(cat out)"
cp mask.safetensors first
choose --keep 0.01 > out2 2> /dev/null
cmp -s mask.safetensors first && cmp -s out out2 || die "two runs chose different numbers"
tune "${masked[@]}" > log 2> err || die "finetune: $(cat err)"
head=$("$thaw" inspect run --pattern 'classifier.*' | sed -n 's/.* tensors, \([0-9]*\) numbers.*/\1/p')
holds log "^trained: $((ones + head)) of " "the count of what is trained"
holds log 'a mask saves neither time nor memory' "the report"

choose --keep 0.25 --by magnitude --per-tensor > out 2> err || die "mask --by magnitude: $(cat err)"
! cmp -s mask.safetensors first || die "by magnitude the same numbers"
sed -n 's/.*\]: \([0-9]*\) of \([0-9]*\)$/\1 \2/p' out | while read -r ones all; do
  [ $((4 * ones - all)) -ge -2 ] && [ $((4 * ones - all)) -le 2 ] || die "$ones of $all are no quarter"
done
choose --keep 0.25 --by magnitude --per-tensor --smallest > /dev/null 2> err || die "mask --smallest: $(cat err)"
cp first mask.safetensors

# What is wrong is told before anything is trained.
mv run trained
model=trained expect 1 'mask.safetensors: made for another model: ' tune "${masked[@]}"
head -c 1000 first > mask.safetensors
expect 1 'mask.safetensors' tune "${masked[@]}"
rm mask.safetensors
expect 1 'mask.safetensors' tune "${masked[@]}"
cp model/model.safetensors mask.safetensors
expect 1 'mask.safetensors: no file of element masks' tune "${masked[@]}"
cp first mask.safetensors
expect 1 'has no mask of a parameter that matches' tune --freeze '*' --train 'classifier.*' \
  --train 'classifier.* mask mask.safetensors'
expect 2 '--keep: a number above 0' choose --keep 0
expect 2 '--by: ' choose --by size
expect 2 '--output is required' "$thaw" mask --model model --train-file train.tsv
expect 1 'is a directory, not a file' choose --output model
expect 1 'nothing that the checkpoint has is trained by these rules' choose --freeze 'bert.*'
expect 0 'FISH masks: Sung et al. 2021' "$thaw" mask --help
echo "mask: chooses the same numbers each time, and no others are trained"
