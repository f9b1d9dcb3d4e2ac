#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Labels that count differently in the loss, and a smoothed truth: what they do, what a run knows of them, and where
# they are refused.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 64 1
awk -F'\t' 'NR == 1 || $2 == "low" || NR % 8 == 1' "$scratch/train.tsv" > "$scratch/few.tsv"
run=("$thaw" finetune --model "$scratch/model" --train-file "$scratch/few.tsv" --learning-rate 1e-3 --max-steps 4
  --save-strategy steps --save-steps 2)
printf 'low\t1\nhigh\t1\n' > "$scratch/even"
printf 'low\t0.5\nhigh\t4\n' > "$scratch/uneven"

for options in "" "--class-weights $scratch/even" "--class-weights balanced" "--label-smoothing 0.1" \
  "--class-weights balanced --label_smoothing_factor 0.1"; do
  "${run[@]}" --output-dir "$scratch/run${options//[^a-z0-9]/}" $options > "$scratch/log" 2>&1 ||
    die "$options: $(cat "$scratch/log")"
done
differ() { ! cmp -s "$scratch/run$1/model.safetensors" "$scratch/run$2/model.safetensors" || die "$3"; }
differ "" classweightsbalanced "--class-weights changed nothing"
differ "" labelsmoothing01 "--label-smoothing changed nothing"
differ classweightsbalanced classweightsbalancedlabelsmoothingfactor01 "smoothing beside weights changed nothing"

# A step cut into parts is the same step: the weights of its rows add up.
for tokens in 0 12; do
  "${run[@]}" --class-weights "$scratch/uneven" --max-steps 1 --optim sgd --batch-tokens $tokens \
    --output-dir "$scratch/parts$tokens" > "$scratch/log" 2>&1 || die "--batch-tokens $tokens: $(cat "$scratch/log")"
  loss[tokens]=$(result "$scratch/parts$tokens" train train_loss)
done
awk -v a="${loss[0]}" -v b="${loss[12]}" 'BEGIN { d = a - b; exit !(d < 1e-5 && d > -1e-5 && a > 0) }' ||
  die "losses of one step: ${loss[0]} and, in parts, ${loss[12]}"

# The run knows its weights: other numbers in the file are another run.
part=("${run[@]}" --class-weights "$scratch/uneven" --output-dir "$scratch/part")
"${part[@]}" > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
rm -r "$scratch"/part/checkpoint-4 "$scratch"/part/train_results.json
printf 'low\t0.5\nhigh\t2\n' > "$scratch/uneven"
expect 1 "--class-weights was" "${part[@]}" --resume
printf 'low\t0.5\nhigh\t4\n' > "$scratch/uneven"
expect 1 "it had none, or another version wrote it): --label-smoothing" "${part[@]}" --resume --label-smoothing 0.1
expect 0 "resumed from" "${part[@]}" --resume
"${part[@]}" --output-dir "$scratch/whole" > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_weights "$scratch/whole" "$scratch/part" "resumed with weights: other weights of the model"

# A finished run is another one, too, once the numbers in the file are.
expect 0 "finished before" "${part[@]}" --resume-if-any
printf 'low\t0.5\nhigh\t2\n' > "$scratch/uneven"
expect 1 "--class-weights" "${part[@]}" --resume-if-any

# Evaluations have the plain loss: the one that evaluate counts, which knows nothing of the training.
expect 0 "trained 4 steps" "${run[@]}" --class-weights balanced --label-smoothing 0.3 --test-file "$scratch/few.tsv" \
  --output-dir "$scratch/judged"
expect 0 "accuracy" "$thaw" evaluate --model "$scratch/judged" --test-file "$scratch/few.tsv" \
  --output "$scratch/judged.json"
same_results "$scratch/judged/test_results.json" "$scratch/judged.json" loss "the loss of an evaluation"

# Labels of words weigh in the same way.
awk -F'\t' 'NR > 1 { n = split($1, w, " "); for (i = 1; i <= n; i++) print w[i], i == 1 ? "B-X" : "O"; print "" }' \
  "$scratch/few.tsv" > "$scratch/words.conll"
words=("$thaw" finetune --task tokens --model "$scratch/model" --train-file "$scratch/words.conll"
  --learning-rate 1e-3 --max-steps 4 --save-strategy steps --save-steps 2)
printf 'B-X\t4\nO\t1\n' > "$scratch/tags"
for options in "" "--class-weights balanced" "--class-weights $scratch/tags --label-smoothing 0.1"; do
  "${words[@]}" --output-dir "$scratch/words$(wc -w <<< "$options")" $options > "$scratch/log" 2>&1 ||
    die "words, $options: $(cat "$scratch/log")"
done
! cmp -s "$scratch"/words{0,2}/model.safetensors || die "words: --class-weights balanced changed nothing"
! cmp -s "$scratch"/words{0,4}/model.safetensors || die "words: weights of a file changed nothing"
rm -r "$scratch"/words4/checkpoint-4 "$scratch"/words4/train_results.json
part=("${words[@]}" --output-dir "$scratch/words4" --label-smoothing 0.1 --class-weights)
expect 1 "--class-weights was" "${part[@]}" balanced --resume
expect 0 "resumed from" "${part[@]}" "$scratch/tags" --resume
printf 'O\t1\n' > "$scratch/tags"
expect 1 "tags: has no weight for B-X" "${words[@]}" --output-dir "$scratch/nowhere" --class-weights "$scratch/tags"

# Wrong files and wrong problems.
nowhere=("${run[@]}" --output-dir "$scratch/nowhere")
expect 1 "nothing.tsv" "${nowhere[@]}" --class-weights "$scratch/nothing.tsv"
printf 'low\t1\nHigh\t2\n' > "$scratch/weights"
expect 1 'weights:2: unknown label "High"' "${nowhere[@]}" --class-weights "$scratch/weights"
printf 'low\t1\n' > "$scratch/weights"
expect 1 "weights: has no weight for high" "${nowhere[@]}" --class-weights "$scratch/weights"
expect 2 "--label-smoothing: a number" "${nowhere[@]}" --label-smoothing few
expect 2 "--label-smoothing: a number of at least 0, below 1 was expected" "${nowhere[@]}" --label-smoothing 1
small_data "$scratch/multi.tsv" 30 3 multi
small_data "$scratch/numbers.tsv" 30 3 regression
expect 1 "--class-weights is for one label a text, but the problem is multi_label_classification" "${nowhere[@]}" \
  --class-weights balanced --train-file "$scratch/multi.tsv" --label-separator '|'
expect 1 "--label-smoothing is for one label a text, but the problem is regression" "${nowhere[@]}" \
  --label-smoothing 0.1 --train-file "$scratch/numbers.tsv"
[ ! -e "$scratch/nowhere" ] || die "an output directory of a run that did not begin"
echo "class weights, smoothing: in the loss, in the run"
