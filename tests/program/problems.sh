#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every kind of problem end to end: one label, several, numbers, pairs; the model learns, and what is saved predicts the
# same again.
. "$(dirname "$0")/lib.bash"
small_model

# learn KIND SPLIT_OPTIONS...: trains on 400 rows and tests on 100 others.
learn() {
  local kind=$1
  shift
  small_data "$scratch/$kind.tsv" 400 1 "$kind"
  small_data "$scratch/${kind}_test.tsv" 100 2 "$kind"
  finetune_quietly "$scratch/run_$kind" --train-file "$scratch/$kind.tsv" \
    --validation-file "$scratch/${kind}_test.tsv" --test-file "$scratch/${kind}_test.tsv" --num-train-epochs 8 "$@"
}

learn single
holds "$scratch/log" single_label_classification "single"
at_least "$(result "$scratch/run_single" test accuracy)" 0.8 "accuracy"
at_least "$(result "$scratch/run_single" test macro_f1)" 0.8 "macro F1"
at_least "$(result "$scratch/run_single" test matthews_correlation)" 0.6 "Matthews correlation"

learn multi --label-separator '|'
holds "$scratch/log" multi_label_classification "multi"
at_least "$(result "$scratch/run_multi" test micro_f1)" 0.8 "micro F1"
holds "$scratch/run_multi/config.json" '"problem_type": "multi_label_classification"' "multi"

learn regression
holds "$scratch/log" regression "regression"
at_least "$(result "$scratch/run_regression" test pearson)" 0.8 "Pearson correlation"
at_least "$(result "$scratch/run_regression" test spearman)" 0.8 "Spearman correlation"

# Several numbers a row: learnt, judged and predicted each for itself; read from JSON lists as well.
learn numbers --label-separator '|'
holds "$scratch/log" 'regression (3 labels)' "numbers"
holds "$scratch/run_numbers/config.json" '"problem_type": "regression"' "numbers"
for metric in pearson spearman pearson.LABEL_0 pearson.LABEL_1 pearson.LABEL_2; do
  at_least "$(result "$scratch/run_numbers" test $metric)" 0.8 "of several numbers the $metric"
done
numbers=("$scratch/numbers_test.tsv" --label-separator '|')
judge_numbers() { "$thaw" evaluate --model "$scratch/run_numbers" --test-file "$@"; }
judge_numbers "${numbers[@]}" > "$scratch/report" || die "evaluate numbers"
holds "$scratch/report" '^mean_absolute_error/LABEL_2  *[0-9.]*   [0-9.]* to [0-9.]*$' "an interval of one number"
holds "$scratch/report" '"[-0-9.]*|[-0-9.]*|[-0-9.]*", said "[-0-9.e]*|[-0-9.e]*|[-0-9.e]*"$' "the most wrong numbers"
! grep -q 'class\|taken' "$scratch/report" || die "classes of numbers: $(cat "$scratch/report")"
"$thaw" predict --model "$scratch/run_numbers" "$scratch/numbers_test.tsv" > "$scratch/predicted" || die "predict"
[ "$(head -n 1 "$scratch/predicted")" = $'LABEL_0\tLABEL_1\tLABEL_2\ttext' ] ||
  die "numbers: $(head -n 1 "$scratch/predicted")"
"$thaw" data --train-file "${numbers[@]}" > "$scratch/report" || die "data of numbers"
holds "$scratch/report" '^train  *LABEL_1 numbers from -[0-9.]* to [0-9.]*, mean' "the ranges of numbers"
awk -F'\t' 'NR > 1 { gsub("[|]", ", ", $2); printf "{\"label\": [%s], \"text\": \"%s\"}\n", $2, $1 }' \
  "$scratch/numbers_test.tsv" > "$scratch/numbers.jsonl"
for file in numbers_test.tsv numbers.jsonl; do
  finetune_quietly "$scratch/run_$file" --train-file "$scratch/$file" --label-separator '|' --max-steps 2
  same_weights "$scratch/run_$file" "$scratch/run_numbers_test.tsv" "$file: other weights than from TSV"
done
refuse_numbers() { expect 1 "$1" "$thaw" plan --model "$scratch/model" --train-file "${@:2}" --label-separator '|'; }
printf 'text\tlabel\nword7\t0.5|1\nword8\t2\n' > "$scratch/unequal.tsv"
refuse_numbers 'unequal.tsv:3: the label "2" is a list of another length than the first: 2 numbers were expected' \
  "$scratch/unequal.tsv"
refuse_numbers "--label-smoothing is for one label a text" "${numbers[0]}" --label-smoothing 0.1
refuse_numbers "--class-weights is for one label a text" "${numbers[0]}" --class-weights balanced
expect 1 'numbers.jsonl:1: "label" is a list: lists are read as several labels, or several numbers, with' \
  "$thaw" data --train-file "$scratch/numbers.jsonl"
expect 1 "3 numbers a row (problem_type in $scratch/run_numbers/config.json: LABEL_0, LABEL_1, LABEL_2) need" \
  "$thaw" plan --model "$scratch/run_numbers" --train-file "$scratch/numbers_test.tsv"
expect 0 "mean_absolute_error" judge_numbers "$scratch/numbers_test.tsv"
expect 1 'unequal.tsv:2: the label "0.5|1" has 2 numbers, expected 3: LABEL_0' judge_numbers "$scratch/unequal.tsv" \
  --label-separator '|'

learn pair --text-pair-column other --num-train-epochs 1
predict() { "$thaw" predict --model "$scratch/run_pair" --format tsv "$@"; }
expect 0 "warning: the model was trained on pairs of texts, but there is no --text-pair-column" \
  predict "$scratch/pair_test.tsv"
expect 0 "warning: the model was trained on pairs of texts, but there is no --text-pair-column" \
  "$thaw" evaluate --model "$scratch/run_pair" --test-file "$scratch/pair_test.tsv"
cut -f1,2 "$scratch/pair_test.tsv" | predict --text-pair-column other > /dev/null 2> "$scratch/err" || die "pairs"
[ ! -s "$scratch/err" ] || die "a warning of pairs that are given: $(cat "$scratch/err")"
rows=$(cut -f1,2 "$scratch/pair_test.tsv" | predict --text-pair-column other | wc -l)
[ "$rows" = 101 ] || die "pairs: $rows lines for 100 pairs"
# The second text matters: swapped texts get other probabilities.
probability() { predict "$@" --probabilities | tail -n 1 | cut -f2; }
straight=$(head -n 2 "$scratch/pair_test.tsv" | probability --text-pair-column other)
alone=$(head -n 2 "$scratch/pair_test.tsv" | probability)
[ "$straight" != "$alone" ] || die "pairs: the second text makes no difference"
# An empty second text is a second text all the same, in training as in prediction.
{ printf 'text\tother\n'; sed -n 2p "$scratch/pair_test.tsv" | cut -f1 | sed 's/$/\t/'; } > "$scratch/empty_second.tsv"
empty=$(probability "$scratch/empty_second.tsv" --text-pair-column other)
[ -n "$empty" ] && [ "$empty" != "$alone" ] || die "pairs: an empty second text is taken for none"

# What was saved, trained no further, scores as at the end of its training.
for kind in single regression numbers; do
  metric=$([ $kind = single ] && echo accuracy || echo pearson)
  separator=$([ $kind = numbers ] && echo '|' || true)
  "$thaw" finetune --model "$scratch/run_$kind" --train-file "$scratch/$kind.tsv" \
    --test-file "$scratch/${kind}_test.tsv" --learning-rate 0 --max-steps 1 --save-strategy no \
    ${separator:+--label-separator "$separator"} \
    --output-dir "$scratch/again_$kind" > "$scratch/log" 2>&1 || die "$kind again: $(cat "$scratch/log")"
  same_results "$scratch/again_$kind/test_results.json" "$scratch/run_$kind/test_results.json" $metric \
    "$kind, saved and loaded"
  same_weights "$scratch/again_$kind" "$scratch/run_$kind" "$kind: other weights"
done

# CSV and JSONL with the same rows train to the same weights as TSV.
awk -F'\t' 'NR == 1 { print "label,text" } NR > 1 { printf "%s,\"%s\"\r\n", $2, $1 }' \
  "$scratch/single.tsv" > "$scratch/single.csv"
awk -F'\t' 'NR > 1 { printf "{\"label\": \"%s\", \"text\": \"%s\", \"id\": %d}\n", $2, $1, NR - 1 }' \
  "$scratch/single.tsv" > "$scratch/single.jsonl"
for kind in tsv csv jsonl; do
  finetune_quietly "$scratch/run_$kind" --train-file "$scratch/single.$kind" --max-steps 3
  same_weights "$scratch/run_$kind" "$scratch/run_tsv" "$kind: other weights than from TSV"
done

# Frozen weights are bit for bit those of the checkpoint; a mask file says the same as the options.
single=(--train-file "$scratch/single.tsv" --max-steps 3)
finetune_quietly "$scratch/frozen" "${single[@]}" --freeze 'bert.*' --train '*LayerNorm*'
printf '# the norms alone\nfreeze bert.*\ntrain *LayerNorm*\n' > "$scratch/mask"
finetune_quietly "$scratch/masked" "${single[@]}" --mask-file "$scratch/mask"
same_weights "$scratch/frozen" "$scratch/masked" "the mask file trains to other weights"
columns() { "$thaw" inspect "$1" --pattern 'bert.*' | grep -v LayerNorm | grep '^bert'; }
[ "$(columns "$scratch/frozen")" = "$(columns "$scratch/model")" ] || die "frozen weights changed"
at_least "$(result "$scratch/frozen" train frozen_parameters)" 1 "frozen parameters"
echo "problems: learnt, saved, loaded"
