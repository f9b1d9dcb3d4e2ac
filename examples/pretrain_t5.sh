#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does pretraining by missing spans help before few examples? A small T5 begins with random weights and restores spans
# of the descriptions of Debian's packages (the training split, without labels); then it learns topics as words and the
# pronunciations of 2,000 English words, beside the same model that has read nothing.
#
#   examples/pretrain_t5.sh [OPTIONS OF thaw finetune for the pretraining, e.g. --max-steps 100]
. "$(dirname "$0")/begin.sh" topics pronunciations

begin=data/pretrain_t5
if [ ! -f "$begin/model.safetensors" ]; then
  rm -rf "$begin"
  for file in data/topics/train.tsv data/pronunciations/train.tsv; do tail -n +2 "$file"; done |
    tr '\t' '\n' > "${begin}_texts.txt"
  thaw init "${small_t5[@]}" --files "${begin}_texts.txt" --vocab-size 4096 --intermediate-size 512 \
    --activation gated-gelu --output-dir "$begin"
fi

out=runs/pretrain_t5
echo "== missing spans of the training texts"
thaw_finetune --task spans --model "$begin" --train-file data/topics/train.tsv \
  --validation-file data/topics/validation.tsv --join-texts --max-length 128 --num-train-epochs 20 --batch-size 32 \
  "${small_t5_rates[@]}" --output-dir "$out/spans" "$@"

# learn TASK ARM OPTIONS...
learn() {
  local task=$1 arm=$2 model=(--model "$out/spans")
  shift 2
  [ "$arm" = pretrained ] || model=(--model "$begin")
  echo "== $task, $arm"
  thaw_finetune --task text2text "${model[@]}" "$@" --batch-size 32 "${small_t5_rates[@]}" \
    --eval-strategy no --save-strategy no --output-dir "$out/${task}_$arm"
}
for arm in scratch pretrained; do
  learn topics "$arm" --train-file data/topics/train.tsv --test-file data/topics/test.tsv --source-column text \
    --target-column label --source-prefix "topic: " --max-length 160 --num-train-epochs 4
  learn words "$arm" --train-file data/pronunciations/train.tsv --max-train-samples 2000 \
    --test-file data/pronunciations/test.tsv --target-column target,target2,target3,target4 \
    --source-prefix "pronounce: " --num-train-epochs 20
done

echo
printf 'missing spans: perplexity %.1f, accuracy %.3f\n' "$(result "$out/spans" eval perplexity)" \
  "$(result "$out/spans" eval accuracy)"
for arm in scratch pretrained; do
  printf '%-11s topics, exact match %.3f; 2,000 words, word error %.3f, phone error %.3f\n' "$arm" \
    "$(result "$out/topics_$arm" test exact_match)" "$(result "$out/words_$arm" test text_error_rate)" \
    "$(result "$out/words_$arm" test token_error_rate)"
done
