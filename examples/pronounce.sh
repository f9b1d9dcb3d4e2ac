#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Teaches a small T5 how English words are said, from nothing: a tokenizer of letters and phones, random weights,
# 100,586 words of CMU's dictionary, and words that it has never seen to judge it by (word and phone error rate, any of
# a word's pronunciations is right).
#
#   examples/pronounce.sh [OPTIONS OF thaw finetune, e.g. --max-steps 100]
. "$(dirname "$0")/begin.sh" pronunciations

begin=data/pronounce_t5
if [ ! -f "$begin/model.safetensors" ]; then
  rm -rf "$begin" data/pronounce_tokenizer
  thaw tokenizer train --type unigram --vocab-size 132 --extra-ids 0 --character-coverage 1 \
    --files data/pronunciations/train.tsv --text-column source --text-column target \
    --output-dir data/pronounce_tokenizer
  thaw init "${small_t5[@]}" --tokenizer data/pronounce_tokenizer --intermediate-size 384 --activation relu \
    --dropout 0.05 --output-dir "$begin"
fi

echo
thaw_finetune --task text2text --model "$begin" --train-file data/pronunciations/train.tsv \
  --validation-file data/pronunciations/validation.tsv --test-file data/pronunciations/test.tsv \
  --target-column target,target2,target3,target4 --max-eval-samples 500 --num-beams 4 --num-train-epochs 15 \
  --batch-size 64 "${small_t5_rates[@]}" --output-dir runs/pronounce "$@"

echo
printf 'test: word error %.3f, phone error %.3f; trained in %.0f s\n' "$(result runs/pronounce test text_error_rate)" \
  "$(result runs/pronounce test token_error_rate)" "$(result runs/pronounce train train_seconds)"
printf 't h a w\nq u i c k s t a r t\n' | thaw predict --model runs/pronounce
