#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One small T5 learns several tasks at once, told apart by their prefixes: to summarize descriptions, to translate their
# first lines into German, to pronounce words, topics of descriptions, and whether a definition entails a class. Then
# one of them alone goes on with the encoder frozen. A table shows each on its test texts, beside what needs no
# learning.
#
#   examples/multitask_t5.sh [OPTIONS OF thaw finetune for the mixture, e.g. --max-steps 100]
. "$(dirname "$0")/begin.sh" topics nli pronunciations summaries translations

data=data/multitask
mkdir -p "$data"
for split in train validation test; do
  awk -F '\t' 'NR == 1 { print "source\ttarget"; next }
    { print $1 " hypothesis: " $2 "\t" ($3 == "entailment" ? "yes" : "no") }' "data/nli/$split.tsv" \
    > "$data/entail_$split.tsv"
done
# Some 400 rows of each are enough to see how they come along: every n-th.
some() { awk -v n="$2" 'NR % n == 1' "$1"; }
some data/summaries/validation.tsv 8 > "$data/summarize_some.tsv"
some data/translations/validation.tsv 3 > "$data/translate_some.tsv"
some data/pronunciations/validation.tsv 31 > "$data/pronounce_some.tsv"
some "$data/entail_validation.tsv" 13 > "$data/entail_some.tsv"
# task NAME PREFIX WEIGHT FILE VALIDATION_FILE SOURCE_COLUMN TARGET_COLUMN METRIC: a row of the table
task() { (IFS=$'\t'; echo "$*") >> "$data/tasks.tsv"; }
rm -f "$data/tasks.tsv"
task name prefix weight file validation_file source_column target_column metric
task summarize 'summarize: ' 4 ../summaries/train.tsv summarize_some.tsv source target rouge1,rougeL
task translate 'translate English to German: ' 4 ../translations/train.tsv translate_some.tsv source target chrf
task pronounce 'pronounce: ' 2 ../pronunciations/train.tsv pronounce_some.tsv source \
  target,target2,target3,target4 token_error_rate
task topic 'topic: ' 1 ../topics/train.tsv ../topics/validation.tsv text label exact_match
task entail 'entails: ' 2 entail_train.tsv entail_some.tsv source target exact_match

begin=data/multitask_t5
if [ ! -f "$begin/model.safetensors" ]; then
  rm -rf "$begin"
  for file in data/{topics,summaries,translations,pronunciations}/train.tsv "$data/entail_train.tsv"; do
    tail -n +2 "$file"
  done | tr '\t' '\n' > "$data/texts.txt"
  thaw init "${small_t5[@]}" --files "$data/texts.txt" --vocab-size 4096 --intermediate-size 512 \
    --activation gated-gelu --output-dir "$begin"
fi

out=runs/multitask_t5
echo "== five tasks at once"
thaw_finetune --task text2text --model "$begin" --mixture "$data/tasks.tsv" --max-length 128 \
  --num-train-epochs 8 --batch-size 64 --batch-tokens 8192 "${small_t5_rates[@]}" --num-beams 4 \
  --output-dir "$out/all" "$@"
echo "== topics alone, the encoder frozen"
thaw_finetune --task text2text --model "$out/all" --freeze 'encoder.*' --freeze 'shared.*' --source-prefix "topic: " \
  --train-file data/topics/train.tsv --test-file data/topics/test.tsv --source-column text --target-column label \
  --max-length 128 --num-train-epochs 2 --batch-size 32 --learning-rate 5e-4 --eval-strategy no --save-strategy no \
  --output-dir "$out/topics"

# judge NAME PREFIX TEST_FILE OPTIONS...: what the model of all tasks writes for the test texts, all of them
judge() {
  local name=$1 prefix=$2 file=$3
  [ ! "$out/$name.json" -nt "$out/all/model.safetensors" ] || return 0
  shift 3
  echo "== $name on the test texts"
  thaw evaluate --model "$out/all" --test-file "$file" --source-prefix "$prefix" --worst 0 \
    --output "$out/$name.json" "$@"
}
judge summarize 'summarize: ' data/summaries/test.tsv
judge translate 'translate English to German: ' data/translations/test.tsv
judge pronounce 'pronounce: ' data/pronunciations/test.tsv --target-column target,target2,target3,target4
judge topic 'topic: ' data/topics/test.tsv --source-column text --target-column label
judge entail 'entails: ' "$data/entail_test.tsv"

# row METRIC TASK BASELINE-NAME BASELINE: with the metric's 95 % interval
row() {
  local number='\([-0-9.e+]*\)'
  printf '%-12s %-18s %8.3f   %.3f to %.3f   %s %s\n' "$2" "$1" \
    $(tr -d ' \n' < "$out/$2.json" | sed "s/.*\"$1\":$number[,}].*\"$1\":\[$number,$number\].*/\1 \2 \3/") "$3" "$4"
}
# baseline NAME METRIC TABLE: what needs no learning
baseline() { thaw-data text-baselines "$3" | sed -n "s/^$1 .*$2 \([0-9.]*\).*/\1/p"; }
echo
printf '%-12s %-18s %8s   %-15s  %s\n' task metric T5 "95 % interval" "without learning"
row rouge1 summarize "first sentence" "$(baseline 'its first sentence' rouge1 data/summaries/test.tsv)"
row rougeL summarize "first sentence" "$(baseline 'its first sentence' rougeL data/summaries/test.tsv)"
row chrf translate "the English line" "$(baseline 'the source itself' chrf data/translations/test.tsv)"
row token_error_rate pronounce "" ""
row exact_match topic "most frequent" "0.166"
row exact_match entail "chance" "0.500"
printf 'topics alone, encoder frozen %.3f (exact match on the test texts; TF-IDF .840)\n' \
  "$(result "$out/topics" test exact_match)"
