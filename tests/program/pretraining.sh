#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# BERT's pretraining through the program: trained, killed and resumed bit for bit, judged, asked, gone on from.
. "$(dirname "$0")/lib.bash"
small_model

# texts FILE COUNT SEED: texts of 1 to 6 sentences, one a line, an empty line between texts; each of two words of eight.
texts() {
  awk -v count="$2" -v seed="$3" 'BEGIN {
    srand(seed)
    for (i = 0; i < count; i++) {
      first = 6 + 2 * (i % 4)
      for (s = 1 + int(rand() * 6); s > 0; s--) {
        line = ""
        for (w = 2 + int(rand() * 5); w > 0; w--) line = line " word" (first + int(rand() * 2))
        print substr(line, 2)
      }
      print ""
    }
  }' > "$1"
}
texts "$scratch/train.txt" 60 1
texts "$scratch/validation.txt" 20 2

pretrain() {
  finetune_quietly "$@" --task pretraining --train-file "$scratch/train.txt" --num-train-epochs 3 --batch-size 8
}
pretrain "$scratch/run" --validation-file "$scratch/validation.txt" --save-strategy steps --save-steps 10
holds "$scratch/log" 'train.txt: 60 texts with [0-9]* sentences make [0-9]* examples' "what was read"
holds "$scratch/log" 'masked words (15 % of a text.s tokens, whole words) and next sentences' "what is learnt"
# One word of eight by chance, one of two where the text is known; of pairs about half follow.
finetune_quietly "$scratch/learnt" --task pretraining --train-file "$scratch/train.txt" --num-train-epochs 20 \
  --batch-size 8 --validation-file "$scratch/validation.txt"
for metric in accuracy word_accuracy; do at_least "$(result "$scratch/learnt" eval $metric)" 0.3 $metric; done
at_least "$(result "$scratch/learnt" eval next_sentence_accuracy)" 0.75 "next_sentence_accuracy"
at_least 6 "$(result "$scratch/learnt" eval perplexity)" "perplexity below"
grep -q '"BertForPreTraining"' "$scratch/run/config.json" || die "the saved model is of another architecture"

# Pairs and masks of an epoch are the same when a run goes on within it, whenever it was killed; others of another seed.
mkdir "$scratch/half"
cp -r "$scratch/run/checkpoint-20" "$scratch/half/"
pretrain "$scratch/half" --validation-file "$scratch/validation.txt" --save-strategy steps --save-steps 10 --resume
same_weights "$scratch/run" "$scratch/half" "a resumed run has other weights"
kills=0
for attempt in 1 2 3 4 5 6; do
  (trap - EXIT; exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 \
    --task pretraining --train-file "$scratch/train.txt" --num-train-epochs 3 --batch-size 8 --resume-if-any \
    --validation-file "$scratch/validation.txt" --save-strategy steps --save-steps 10) > "$scratch/log" 2>&1 &
  pid=$!
  sleep "$(printf 0.%02d $((RANDOM % 30 + 5)))"
  if kill -9 $pid 2>/dev/null; then kills=$((kills + 1)); fi
  wait $pid 2>/dev/null || true
done
pretrain "$scratch/killed" --validation-file "$scratch/validation.txt" --save-strategy steps --save-steps 10 \
  --resume-if-any
same_weights "$scratch/run" "$scratch/killed" "after $kills kills the weights differ"
for other in "--seed 3" "--mlm-probability 0.3" "--next-sentence off"; do
  pretrain "$scratch/other" $other
  ! cmp -s "$scratch/run/model.safetensors" "$scratch/other/model.safetensors" || die "$other changes nothing"
  rm -r "$scratch/other"
done

# A step of several micro-batches is that step.
for tokens in 0 40; do
  pretrain "$scratch/micro$tokens" --max-steps 4 --batch-tokens $tokens --logging-steps 1
  grep -o '"loss": [0-9.]*' "$scratch/micro$tokens/log.jsonl" | head -n 1 > "$scratch/loss$tokens"
done
paste "$scratch/loss0" "$scratch/loss40" |
  awk '{ d = $2 - $4; exit !(NF == 4 && d * d < 1e-8) }' || die "micro-batches: $(cat "$scratch"/loss*)"

# Judged again as the run was judged; a part of the training data that is held back gives nothing to it.
"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/validation.txt" --output "$scratch/judged.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
for metric in loss next_sentence_accuracy word_accuracy; do
  same_results "$scratch/judged.json" "$scratch/run/eval_results.json" $metric "judged again"
done
pretrain "$scratch/split" --validation-split 0.2 --max-steps 2
holds "$scratch/log" 'examples of .*train.txt are held back' "a part that is held back"

# Masked words of the same texts alone: the head is that of masked words, and the directory keeps it.
pretrain "$scratch/words" --next-sentence off --validation-file "$scratch/validation.txt" --max-steps 3
grep -q '"BertForMaskedLM"' "$scratch/words/config.json" || die "without next sentences: another architecture"
! grep -q next_sentence_accuracy "$scratch/words/eval_results.json" || die "next sentences are judged that none has"
"$thaw" evaluate --model "$scratch/words" --test-file "$scratch/validation.txt" --output "$scratch/words.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_results "$scratch/words.json" "$scratch/words/eval_results.json" loss "words judged again"

# The directory keeps its task, and fills masks.
echo 'word6 [MASK] [MASK]' > "$scratch/masks.txt"
for model in run words; do
  "$thaw" predict --model "$scratch/$model" "$scratch/masks.txt" --top-k 3 > "$scratch/out"
  [ "$(tail -n +2 "$scratch/out" | cut -f1 | tr '\n' ' ')" = "1 1 1 2 2 2 " ] || die "masks: $(cat "$scratch/out")"
done
"$thaw" predict --task mlm --model "$scratch/run" "$scratch/masks.txt" --top-k 3 > "$scratch/mlm"
"$thaw" predict --model "$scratch/run" "$scratch/masks.txt" --top-k 3 | cmp -s - "$scratch/mlm" ||
  die "the task mlm fills masks otherwise"

# Other tasks go on from it, with its encoder: masked words with its head, too.
small_data "$scratch/classes.tsv" 40 3
finetune_quietly "$scratch/classes" --task classification --model "$scratch/run" --train-file "$scratch/classes.tsv" \
  --max-steps 2
holds "$scratch/log" '^new: .*classifier.weight' "a new head on the pretrained encoder"
! grep '^new:' "$scratch/log" | grep -q 'bert\.' || die "the encoder is new: $(cat "$scratch/log")"
finetune_quietly "$scratch/mlm_run" --task mlm --model "$scratch/run" --train-file "$scratch/train.txt" --max-steps 2
! grep -q '^new:' "$scratch/log" || die "masked words: $(cat "$scratch/log")"
finetune_quietly "$scratch/pairs" --task pretraining --model "$scratch/mlm_run" --train-file "$scratch/train.txt" \
  --max-steps 2
holds "$scratch/log" '^new: .*cls.seq_relationship' "a head for next sentences beside that of masked words"
! grep '^new:' "$scratch/log" | grep -q 'cls.predictions' || die "the head of words is new: $(cat "$scratch/log")"

# Looked at before.
expect 0 "next" "$thaw" data --task pretraining --model "$scratch/model" --train-file "$scratch/train.txt" --show 4
expect 0 "60 rows" "$thaw" data --task pretraining --model "$scratch/model" --train-file "$scratch/train.txt"
expect 0 "cls" "$thaw" plan --task pretraining --model "$scratch/model" --train-file "$scratch/train.txt"
expect 0 "cls" "$thaw" plan --task pretraining --next-sentence off --model "$scratch/model" \
  --train-file "$scratch/train.txt"

# What cannot be meant.
bad() {
  expect "$1" "$2" "$thaw" finetune --task pretraining --model "$scratch/model" --output-dir "$scratch/none" "${@:3}"
}
printf '\n\n' > "$scratch/blank.txt"
bad 1 "blank.txt: has no texts" --train-file "$scratch/blank.txt"
printf 'word6 word7\nword8\n' > "$scratch/one.txt"
bad 1 "one.txt: 1 example of one text alone: a second part that does not follow has to come from another text" \
  --train-file "$scratch/one.txt"
bad 1 'has no column "body"' --train-file "$scratch/classes.tsv" --text-column body
bad 2 "--next-sentence" --train-file "$scratch/train.txt" --next-sentence perhaps
bad 2 "--max-length: 4 leaves no room for 5" --train-file "$scratch/train.txt" --max-length 4
echo "pretraining: trained, resumed after $kills kills, judged, asked, gone on from"
