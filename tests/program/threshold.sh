#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The probability above which one of several labels is predicted: given, or searched on the validation data; kept with
# the model, and refused where a text has one label.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 90 1 multi
small_data "$scratch/dev.tsv" 60 2 multi
run=(--train-file "$scratch/train.tsv" --label-separator '|' --learning-rate 3e-4 --batch-size 16 --max-steps 6
  --save-strategy steps --save-steps 3)
dev=(--validation-file "$scratch/dev.tsv")
kept() { sed -n 's/.*"threshold": \([0-9.e-]*\).*/\1/p' "$1/thaw_task.json"; }
micro() { grep -o '"micro_f1": [0-9.e-]*' "$1" | head -n 1; }
evaluate() {  # RUN OUTPUT [OPTIONS]
  "$thaw" evaluate --model "$1" --test-file "$scratch/dev.tsv" --label-separator '|' --output "$2" "${@:3}" \
    > "$scratch/log" 2>&1 || die "evaluate: $(cat "$scratch/log")"
}

# Searched: told, counted by, kept; evaluate and predict take it up, and their own option has the last word.
finetune_quietly "$scratch/auto" "${run[@]}" "${dev[@]}" --test-file "$scratch/dev.tsv" --threshold auto
line=$(grep -o 'threshold .* on validation: micro_f1 .*' "$scratch/log") || die "no threshold: $(cat "$scratch/log")"
read -r best even <<< "$(sed 's/.*micro_f1 \([0-9.]*\), \([0-9.]*\) at 0.5$/\1 \2/' <<< "$line")"
awk -v best="$best" -v even="$even" 'BEGIN { exit !(best > even) }' || die "nothing was found to show: $line"
[ "$(printf '%.4f' "$(result "$scratch/auto" eval micro_f1)")" = "$best" ] || die "eval_results.json: not $best"
[ "$(result "$scratch/auto" test micro_f1)" = "$(result "$scratch/auto" eval micro_f1)" ] || die "the test's threshold"
evaluate "$scratch/auto" "$scratch/same.json"
holds "$scratch/log" ', threshold 0\.' "evaluate"
[ "$(micro "$scratch/same.json")" = "$(micro "$scratch/auto/eval_results.json")" ] || die "evaluate: another threshold"
evaluate "$scratch/auto" "$scratch/even.json" --threshold 0.5
[ "$(printf '%.4f' "$(micro "$scratch/even.json" | cut -d' ' -f2)")" = "$even" ] || die "evaluate --threshold 0.5"
predict() { cut -f1 "$scratch/dev.tsv" | "$thaw" predict --format tsv --model "$scratch/auto" "$@"; }
labels() { predict "$@" | tail -n +2 | cut -f1 | tr '|' '\n' | grep -c . || true; }
[ "$(labels)" != "$(labels --threshold 0.5)" ] || die "predict: as many labels as at 0.5"
[ "$(labels)" = "$(labels --threshold "$(kept "$scratch/auto")")" ] || die "predict: another threshold"
[ "$(labels --threshold 1e-6)" = 120 ] || die "predict: not all labels are above 1e-6"
[ "$(labels --threshold 0.999999)" = 0 ] || die "predict: labels above 0.999999"

# Cut off and resumed, from its file of options, and with the best model: the same, or that of the model that is kept.
cp -r "$scratch/auto" "$scratch/resumed"
rm -r "$scratch"/resumed/{checkpoint-6,train_results.json}
finetune_quietly "$scratch/resumed" "${run[@]}" "${dev[@]}" --test-file "$scratch/dev.tsv" --threshold auto --resume
"$thaw" finetune --config "$scratch/auto/options.txt" --output-dir "$scratch/again" > "$scratch/log" 2>&1 ||
  die "from options.txt: $(cat "$scratch/log")"
for run_of in resumed again; do
  [ "$(kept "$scratch/$run_of")" = "$(kept "$scratch/auto")" ] || die "$run_of: threshold $(kept "$scratch/$run_of")"
  same_weights "$scratch/$run_of" "$scratch/auto" "$run_of: other weights"
done
finetune_quietly "$scratch/best" "${run[@]}" "${dev[@]}" --threshold auto --eval-strategy steps --eval-steps 3 \
  --load-best-model-at-end --metric-for-best-model loss
evaluate "$scratch/best" "$scratch/best.json"
[ "$(micro "$scratch/best.json")" = "$(micro "$scratch/best/eval_results.json")" ] || die "the best model's threshold"
expect 0 "trained" "$thaw" plan --config "$scratch/auto/options.txt"

# Given: kept, not told of; a later training begins at 0.5 again, and --threshold 0.5 makes no other run of it.
finetune_quietly "$scratch/given" "${run[@]}" --threshold 0.25
[ "$(kept "$scratch/given")" = 0.25 ] || die "--threshold 0.25: $(kept "$scratch/given") is kept"
! grep -q 'on validation' "$scratch/log" || die "a threshold that was given was searched"
finetune_quietly "$scratch/later" "${run[@]}" --model "$scratch/given"
[ "$(kept "$scratch/later")" = 0.5 ] || die "a later training keeps $(kept "$scratch/later")"
finetune=("$thaw" finetune --model "$scratch/model" "${run[@]}")
expect 0 "finished before" "${finetune[@]}" --model "$scratch/given" --output-dir "$scratch/later" --resume-if-any \
  --threshold 0.5
expect 1 "--threshold was not given" "${finetune[@]}" --model "$scratch/given" --output-dir "$scratch/later" \
  --resume-if-any --threshold 0.4

# Wrong usage: one line, before anything is written.
nowhere=("${finetune[@]}" --output-dir "$scratch/nowhere")
expect 2 "--threshold auto: needs validation data" "${nowhere[@]}" --threshold auto
for odd in 0 1 1.5 half; do
  expect 2 "a number between 0 and 1 was expected, neither of them, or auto" "${nowhere[@]}" --threshold $odd
done
expect 2 "--threshold" "$thaw" predict --model "$scratch/auto" --threshold 1 /dev/null
expect 2 "--threshold" "$thaw" predict --model "$scratch/auto" --threshold auto /dev/null
small_data "$scratch/one.tsv" 30 3
one=(finetune --model "$scratch/model" --train-file "$scratch/one.tsv" --max-steps 1)
expect 1 "--threshold is for several labels a text, but the problem is single_label_classification" "$thaw" \
  "${one[@]}" --output-dir "$scratch/nowhere" --threshold 0.3
[ ! -e "$scratch/nowhere" ] || die "an output directory of a run that did not begin"
"$thaw" "${one[@]}" --output-dir "$scratch/one" > "$scratch/log" 2>&1 || die "one label: $(cat "$scratch/log")"
expect 1 "--threshold is for several labels a text, but the problem is single_label_classification" "$thaw" predict \
  --model "$scratch/one" --threshold 0.3 "$scratch/one.tsv"
echo "threshold: searched, kept, taken up"
