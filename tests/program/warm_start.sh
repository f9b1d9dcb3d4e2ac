#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# thaw init --type encoder-decoder: two BERTs become one model that writes; what is told of it, what is tied in its
# files, what is refused; it learns, and writes again from what was saved.
. "$(dirname "$0")/lib.bash"
small_model

init() { "$thaw" init --type encoder-decoder --encoder "$scratch/model" "$@" > "$scratch/log" 2>&1; }
tensors() { "$thaw" inspect "$1" > "$scratch/log" 2>&1 || die "inspect: $(cat "$scratch/log")"; }

init --decoder-layers 2 --output-dir "$scratch/plain" || die "init: $(cat "$scratch/log")"
holds "$scratch/log" "^encoder: $scratch/model, [0-9]* layers" "the encoder"
holds "$scratch/log" "^decoder: $scratch/model, the lowest 2 of [0-9]* layers" "the decoder"
holds "$scratch/log" '^new: attention of the decoder to the encoder, 20 tensors' "what is new"
holds "$scratch/log" '^new: decoder.cls.predictions, 5 tensors, as .* has none for masked words' "the head"
grep -q '"decoder_start_token_id": 2' "$scratch/plain/generation_config.json" || die "no start token"
init --decoder-layers 2 --output-dir "$scratch/again" --device reference
same_weights "$scratch/plain" "$scratch/again" "the same seed gave other numbers"
init --share --output-dir "$scratch/share" || die "share: $(cat "$scratch/log")"
holds "$scratch/log" '^decoder: .* layers*, which are the encoder' "shared layers"
grep -q '"tie_encoder_decoder": true' "$scratch/share/config.json" || die "no word of shared layers in config.json"
init --random-encoder --random-decoder --decoder-layers 9 --tie-embeddings --output-dir "$scratch/random" ||
  die "random: $(cat "$scratch/log")"

# Refused, with nothing left behind.
expect 1 "$scratch/model: has " "$thaw" init --type encoder-decoder --encoder "$scratch/model" --decoder-layers 40 \
  --output-dir "$scratch/none"
expect 2 "--encoder: a directory of a BERT is needed" "$thaw" init --type encoder-decoder --output-dir "$scratch/none"
expect 2 "--layers: is for new models" "$thaw" init --type encoder-decoder --encoder "$scratch/model" --layers 2 \
  --output-dir "$scratch/none"
expect 2 "--share: is for --type encoder-decoder" "$thaw" init --type bert --tokenizer "$scratch/model" --share \
  --output-dir "$scratch/none"
expect 1 'is "encoder-decoder", not "bert"' "$thaw" init --type encoder-decoder --encoder "$scratch/plain" \
  --output-dir "$scratch/none"
mkdir "$scratch/other"
cp "$scratch/model"/* "$scratch/other/"
sed -i 's/word9$/word9x/' "$scratch/other/vocab.txt"
expect 1 "$scratch/other: its tokens are not those of $scratch/model" "$thaw" init --type encoder-decoder \
  --encoder "$scratch/model" --decoder "$scratch/other" --output-dir "$scratch/none"
[ ! -e "$scratch/none" ] || die "something was left of a model that could not be made"

# What is random and frozen is warned of until a rule trains it.
tune() {
  "$thaw" finetune --task text2text --model "$scratch/plain" --output-dir "$scratch/tuned" --max-steps 1 \
    --save-strategy no --train-file "$scratch/two.tsv" "$@" > "$scratch/log" 2>&1 || die "tune: $(cat "$scratch/log")"
  rm -r "$scratch/tuned"
}
printf 'source\ttarget\nword6 word7\tword7\nword8 word9\tword8\n' > "$scratch/two.tsv"
tune --lora ''
holds "$scratch/log" '^warning: the attention of the decoder to the encoder is frozen, and begins with' "attention"
holds "$scratch/log" "^warning: the decoder's head is frozen, .* train decoder.cls.\* let it learn" "the head"
tune --lora '' --train '*crossattention*' --train 'decoder.cls.*'
! grep -q 'begins with random numbers' "$scratch/log" || die "trained, and warned of: $(cat "$scratch/log")"
tune
! grep -q 'begins with random numbers' "$scratch/log" || die "nothing is frozen: $(cat "$scratch/log")"

for command in "finetune --output-dir $scratch/none" data; do
  expect 2 "--max-target-length 5000: more tokens than the model has positions" "$thaw" $command --task text2text \
    --model "$scratch/plain" --train-file "$scratch/two.tsv" --max-target-length 5000
done

# It learns to turn two words, and what was saved writes the same.
awk 'BEGIN {
  srand(1); print "source\ttarget"
  for (i = 0; i < 200; i++) {
    a = "word" (6 + int(rand() * 4)); b = "word" (20 + int(rand() * 4)); print a " " b "\t" b " " a
  }
}' > "$scratch/train.tsv"
head -n 21 "$scratch/train.tsv" > "$scratch/dev.tsv"
for model in plain share; do
  "$thaw" finetune --task text2text --model "$scratch/$model" --output-dir "$scratch/run_$model" --learning-rate 2e-3 \
    --batch-size 16 --max-steps 400 --save-strategy no --train-file "$scratch/train.tsv" \
    --validation-file "$scratch/dev.tsv" --seed 1 > "$scratch/log" 2>&1 || die "training: $(cat "$scratch/log")"
  at_least "$(result "$scratch/run_$model" eval exact_match)" 0.9 "$model: words in turned order, exact_match"
  at_least "$(result "$scratch/run_$model" eval copied_words)" 0.9 "$model: copied words"
  "$thaw" evaluate --model "$scratch/run_$model" --test-file "$scratch/dev.tsv" --output "$scratch/eval.json" \
    > "$scratch/log" 2>&1 || die "evaluate: $(cat "$scratch/log")"
  same_results "$scratch/eval.json" "$scratch/run_$model/eval_results.json" bleu "$model, opened again"
done
grep -q '"tie_encoder_decoder": true' "$scratch/run_share/config.json" || die "the tie was lost on saving"
# Peft's adapters are on one place each.
got=0
"$thaw" finetune --task text2text --model "$scratch/share" --output-dir "$scratch/peft" --lora '' --save adapter \
  --max-steps 1 --train-file "$scratch/train.tsv" > "$scratch/log" 2>&1 || got=$?
[ "$got" = 1 ] || die "status $got of an adapter on shared layers: $(cat "$scratch/log")"
holds "$scratch/log" "^thaw: .*query: encoder and decoder have it in common: peft would" "an adapter on shared layers"
