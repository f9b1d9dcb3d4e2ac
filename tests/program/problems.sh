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

learn pair --text-pair-column other --num-train-epochs 1
predict() { "$thaw" predict --model "$scratch/run_pair" --format tsv "$@"; }
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
for kind in single regression; do
  metric=$([ $kind = single ] && echo accuracy || echo pearson)
  "$thaw" finetune --model "$scratch/run_$kind" --train-file "$scratch/$kind.tsv" \
    --test-file "$scratch/${kind}_test.tsv" --learning-rate 0 --max-steps 1 --save-strategy no \
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
