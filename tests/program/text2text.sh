#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The task of writing texts, from a table to what is written: T5 learns to say two words in turned order.
. "$(dirname "$0")/lib.bash"

small_writer

# turned FILE ROWS SEED
turned() {
  awk -v rows="$2" -v seed="$3" 'BEGIN {
    srand(seed); print "source\ttarget"
    for (i = 0; i < rows; i++) {
      a = "word" (6 + int(rand() * 6)); b = "word" (20 + int(rand() * 6)); print a " " b "\t" b " " a
    }
  }' > "$1"
}
turned "$scratch/train.tsv" 200 1
turned "$scratch/dev.tsv" 20 2

"$thaw" data --task text2text --model "$scratch/model" --train-file "$scratch/train.tsv" \
  --validation-file "$scratch/dev.tsv" --source-prefix "word50 " > "$scratch/log" || die "data"
holds "$scratch/log" "^train .* 200 rows" "rows"
holds "$scratch/log" "^of targets:" "lengths of targets"
"$thaw" data --task text2text --model "$scratch/model" --train-file "$scratch/train.tsv" --show 1 > "$scratch/log" ||
  die "data --show"
holds "$scratch/log" "1 of 200 examples, texts for texts (of at most 4 tokens for 512)" "what is shown"

train() {
  finetune_quietly "$@" --task text2text --train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv" \
    --seed 1
}
train "$scratch/run" --max-steps 150 --source-prefix "word50 "
holds "$scratch/run/options.txt" '^source-prefix = ' "options"
awk '/"exact_match"/ { gsub(/[^0-9.]/, "", $2); exit $2 < .9 }' "$scratch/run/eval_results.json" ||
  die "two words in turned order were not learnt: $(cat "$scratch/run/eval_results.json")"

# Told: targets that can never be written, and what is no label where labels are given.
printf 'source\ttarget\nword6 word7\tword7\nword6\tzzz word7\nword7\tword8\n' > "$scratch/unknown.tsv"
finetune_quietly "$scratch/unknown" --task text2text --train-file "$scratch/unknown.tsv" --max-steps 1 \
  --label-words word7,word8
holds "$scratch/log" '^note: .*: 1 of 3 targets has tokens that the vocabulary does not know, the first in line 3' \
  "unknown targets"
holds "$scratch/log" '^note: .*unknown.tsv: 1 of 3 targets is none of the label words' "targets that are no labels"
for words in 'word7,' 'word7,word7'; do
  expect 2 "--label-words: \"$words\" has " "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/dev.tsv" \
    --label-words "$words"
done

# How a run writes is kept with its model.
train "$scratch/beams" --max-steps 4 --num-beams 3 --length-penalty 0.5
"$thaw" evaluate --model "$scratch/beams" --test-file "$scratch/dev.tsv" --output "$scratch/eval.json" > /dev/null ||
  die "evaluate: beams"
same_results "$scratch/eval.json" "$scratch/beams/eval_results.json" bleu "beams are not kept"
grep -q '"num_beams": 3' "$scratch/beams/thaw_task.json" || die "no beams in the record"

# Prefixes of the decoder, as peft has them: a whole run's numbers, and texts, come from the directory and its base.
train "$scratch/prefix" --model "$scratch/run" --max-steps 6 --rule 'prefix decoder.* n=3'
[ -e "$scratch/prefix/adapter_model.safetensors" ] || die "no adapter was saved: $(cat "$scratch/log")"
"$thaw" evaluate --model "$scratch/prefix" --test-file "$scratch/dev.tsv" --output "$scratch/eval.json" > /dev/null ||
  die "evaluate: prefix"
same_results "$scratch/eval.json" "$scratch/prefix/eval_results.json" bleu "a prefix is not kept"
"$thaw" generate --model "$scratch/prefix" "word6 word7" > "$scratch/log" 2>&1 || die "generate: $(cat "$scratch/log")"
[ -s "$scratch/log" ] || die "nothing is written behind a prefix"

# Its columns are those of evaluations, too, where nothing else is said; a further training has its own.
for split in train dev; do sed '1s/.*/word\tsaid\talso/; 2,$s/\(.*\)\t\(.*\)/\1\t\2\t\1/' "$scratch/$split.tsv" > \
  "$scratch/named_$split.tsv"; done
finetune_quietly "$scratch/named" --task text2text --train-file "$scratch/named_train.tsv" --seed 1 --max-steps 4 \
  --validation-file "$scratch/named_dev.tsv" --source-column word --target-column said,also
"$thaw" evaluate --model "$scratch/named" --test-file "$scratch/named_dev.tsv" --output "$scratch/eval.json" \
  > /dev/null 2> "$scratch/log" || die "evaluate: columns: $(cat "$scratch/log")"
same_results "$scratch/eval.json" "$scratch/named/eval_results.json" chrf "columns are not kept"
holds "$scratch/log" '^note: --target-column: "said,also", as in training' "which columns are taken"
expect 0 "" "$thaw" evaluate --model "$scratch/named" --test-file "$scratch/dev.tsv" --source-column source \
  --target-column target
expect 1 'named_train.tsv: has no column "source"' "$thaw" finetune --task text2text --model "$scratch/named" \
  --train-file "$scratch/named_train.tsv" --output-dir "$scratch/none"
"$thaw" generate --model "$scratch/named" word7 > "$scratch/said" 2> "$scratch/log" ||
  die "generate by a model that keeps its columns: $(cat "$scratch/log")"

# Drawing asks for no beams: those that are kept give way, and nothing is said of them.
"$thaw" predict --model "$scratch/beams" --do-sample --max-new-tokens 2 "$scratch/dev.tsv" 2> "$scratch/log" \
  > /dev/null || die "drawing from a model that keeps beams: $(cat "$scratch/log")"
! grep -q "no effect" "$scratch/log" || die "kept options are told to have no effect: $(cat "$scratch/log")"
expect 2 "--num-beams 3: sampling is done without beams" "$thaw" predict --model "$scratch/beams" --do-sample \
  --num-beams 3 "$scratch/dev.tsv"

# What is saved is judged as finetune judged it, tells its task, prefix and lengths, and writes.
"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/dev.tsv" --output "$scratch/eval.json" > "$scratch/log" ||
  die "evaluate: $(cat "$scratch/log")"
for metric in bleu chrf exact_match rougeL token_error_rate; do
  same_results "$scratch/eval.json" "$scratch/run/eval_results.json" $metric "evaluate: $metric"
done
predict() { "$thaw" predict --model "$scratch/run" "$@"; }
printf 'word7 word21\nword9 word24\n' > "$scratch/sources.txt"
predict "$scratch/sources.txt" > "$scratch/said" || die "predict"
printf 'text\tsource\nword21 word7\tword7 word21\nword24 word9\tword9 word24\n' > "$scratch/expected"
cmp "$scratch/said" "$scratch/expected" || die "predict: $(cat "$scratch/said")"
predict < "$scratch/sources.txt" | cmp - "$scratch/expected" || die "the standard input gives other texts"
predict "$scratch/dev.tsv" --num-beams 4 --num-return-sequences 2 --output-format jsonl > "$scratch/said" || die "beams"
[ "$(grep -c '"texts": *\[{"text": *"word2[0-9] word' "$scratch/said")" = 20 ] ||
  die "beams: $(head -3 "$scratch/said")"
predict "$scratch/sources.txt" --do-sample --top-k 3 --seed 5 > "$scratch/first" || die "sampling"
predict "$scratch/sources.txt" --do-sample --top-k 0 --max-new-tokens 1 > /dev/null || die "--top-k 0: of all"
predict "$scratch/sources.txt" --do-sample --top-k 3 --seed 5 --batch-size 1 | cmp - "$scratch/first" ||
  die "what is drawn depends on the batch"

# What is wrong: one line.
expect 1 "sources.txt:1: the source has 1 token more than --max-length, 4" predict "$scratch/sources.txt" \
  --max-length 4
expect 0 "2 of 2 sources are too long: 2 tokens are cut off" predict "$scratch/sources.txt" --max-length 4 --truncate
expect 2 "--num-return-sequences 3: more than there are beams, 1" predict "$scratch/sources.txt" \
  --num-return-sequences 3
expect 2 "--top-k 3: without --do-sample nothing is drawn" predict "$scratch/sources.txt" --top-k 3
expect 2 "--early-stopping: " predict "$scratch/sources.txt" --early-stopping soon
printf 'source\ttarget\nword7\t\n' > "$scratch/empty.tsv"
expect 1 'empty.tsv:2: "target" is empty: there is nothing to write' "$thaw" finetune --task text2text \
  --model "$scratch/model" --train-file "$scratch/empty.tsv" --output-dir "$scratch/none"
printf 'source\ttarget\nword7\tword8\n' > "$scratch/one.tsv"
expect 1 "one.tsv:2: --max-target-length 2 leaves the target none of its tokens: the tokenizer adds 2 tokens" "$thaw" \
  finetune --task text2text --model "$scratch/model" --train-file "$scratch/one.tsv" --max-target-length 2 \
  --output-dir "$scratch/none"
expect 0 "one.tsv:2: --max-target-length 2 leaves the target none of its tokens" "$thaw" data --task text2text \
  --model "$scratch/model" --train-file "$scratch/one.tsv" --max-target-length 2
mkdir "$scratch/bert"
cp "$source_dir"/tests/goldens/bert_mlm/{config.json,model.safetensors} "$scratch/model/vocab.txt" "$scratch/bert/"
for command in "predict $scratch/sources.txt" "finetune --train-file $scratch/train.tsv --output-dir $scratch/none" \
  "data --train-file $scratch/train.tsv"; do
  expect 1 'models of "bert" write no texts' "$thaw" $command --task text2text --model "$scratch/bert"
done
expect 1 'a model of "t5" has no head for whole texts; it writes texts for texts' "$thaw" finetune \
  --task classification --model "$scratch/model" --train-file "$scratch/train.tsv" --text-column source \
  --label-column target --output-dir "$scratch/none"
"$thaw" finetune --task text2text --model "$scratch/model" --train-file "$scratch/train.tsv" --max-steps 1 \
  --max-length 3 --max-target-length 3 --output-dir "$scratch/short" > "$scratch/log" 2>&1 || die "a short run"
for line in 'learning rate: 0.0003, the usual one of models of "t5" with adamw' \
  "note: train: 200 of 200 sources are too long: 200 tokens are cut off" \
  "note: train: 200 of 200 targets are too long: 200 tokens are cut off"; do
  holds "$scratch/log" "$line" "a short run"
done
for command in finetune predict evaluate data; do
  "$thaw" $command --help | grep -- --source-prefix > /dev/null || die "$command --help"
done
echo "text2text: learnt, judged, written"
