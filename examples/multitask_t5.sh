#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One small T5 learns several tasks at once, told apart by their prefixes: topics of descriptions, their first lines
# written anew from the rest, the pronunciation of words, and whether a definition entails a class. Then one of them
# alone goes on with the encoder frozen.
#
#   examples/multitask_t5.sh [OPTIONS OF thaw finetune for the mixture, e.g. --max-steps 100]
. "$(dirname "$0")/begin.sh" topics nli pronunciations

data=data/multitask
mkdir -p "$data"
for split in train validation; do
  # "SYNOPSIS. DESCRIPTION" is cut at the first ". "; texts without a description have nothing to be summarised.
  awk -F '\t' 'NR == 1 { print "source\ttarget"; next }
    (at = index($1, ". ")) && length($1) > at + 40 { print substr($1, at + 2) "\t" substr($1, 1, at - 1) }' \
    "data/topics/$split.tsv" > "$data/synopsis_$split.tsv"
  awk -F '\t' 'NR == 1 { print "source\ttarget"; next }
    { print $1 " hypothesis: " $2 "\t" ($3 == "entailment" ? "yes" : "no") }' "data/nli/$split.tsv" \
    > "$data/entail_$split.tsv"
done
# Some 500 rows of each are enough to judge by on the way: every n-th.
some() { awk -v n="$2" 'NR % n == 1' "$1"; }
some "$data/entail_validation.tsv" 11 > "$data/entail_some.tsv"
some data/pronunciations/validation.tsv 27 > "$data/words_some.tsv"
tab=$'\t' phones=target,target2,target3,target4
cat > "$data/tasks.tsv" <<TABLE
name${tab}prefix${tab}file${tab}validation_file${tab}source_column${tab}target_column${tab}metric
topic${tab}topic: ${tab}../topics/train.tsv${tab}../topics/validation.tsv${tab}text${tab}label${tab}exact_match
summarize${tab}summarize: ${tab}synopsis_train.tsv${tab}synopsis_validation.tsv${tab}${tab}${tab}rouge1,rougeL
pronounce${tab}pronounce: ${tab}../pronunciations/train.tsv${tab}words_some.tsv${tab}${tab}$phones${tab}token_error_rate
entail${tab}entails: ${tab}entail_train.tsv${tab}entail_some.tsv${tab}${tab}${tab}exact_match
TABLE

begin=data/multitask_t5  # no weights: what a model begins with
if [ ! -f "$begin/tokenizer.json" ]; then
  mkdir -p "$begin"
  for file in data/topics/train.tsv "$data/entail_train.tsv" data/pronunciations/train.tsv; do
    tail -n +2 "$file"
  done | tr '\t' '\n' > "$begin/texts.txt"
  thaw tokenizer train --type unigram --vocab-size 4096 --files "$begin/texts.txt" --output-dir "$begin"
fi
small_t5 "$begin" 4224 gated-gelu

out=runs/multitask_t5
echo "== four tasks at once"
thaw_finetune --task text2text --from-scratch --model "$begin" --mixture "$data/tasks.tsv" --max-length 160 \
  --num-train-epochs 6 --batch-size 64 --batch-tokens 8192 --learning-rate 1e-3 --warmup-ratio 0.05 \
  --output-dir "$out/all" "$@"
echo "== topics alone, the encoder frozen"
thaw_finetune --task text2text --model "$out/all" --freeze 'encoder.*' --freeze 'shared.*' --source-prefix "topic: " \
  --train-file data/topics/train.tsv --test-file data/topics/test.tsv --source-column text --target-column label \
  --max-length 160 --num-train-epochs 2 --batch-size 32 --learning-rate 5e-4 --eval-strategy no --save-strategy no \
  --output-dir "$out/topics"

echo
for metric in exact_match/topic rouge1/summarize rougeL/summarize token_error_rate/pronounce exact_match/entail; do
  printf '%-28s %.3f\n' "$metric" "$(sed -n "s|.*\"$metric\": \([-0-9.e+]*\).*|\1|p" "$out/all/eval_results.json")"
done
printf 'topics alone, encoder frozen %.3f (exact match on the test texts)\n' "$(result "$out/topics" test exact_match)"
