#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A part of the training data held back to validate by, samples of the data, and texts that are cut: each is said, and
# belongs to the run.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 100 1
small_data "$scratch/dev.tsv" 30 2
run=("$thaw" finetune --model "$scratch/model" --max-steps 4 --train-file "$scratch/train.tsv")
split=("${run[@]}" --validation-split 0.2 --save-strategy steps --save-steps 2)

# The run, and the same run interrupted; another split is another run.
expect 0 "20 examples of $scratch/train.tsv are held back" "${split[@]}" --output-dir "$scratch/whole"
[ "$(result "$scratch/whole" train train_examples)" = 80 ] || die "train_examples"
[ "$(result "$scratch/whole" eval examples)" = 20 ] || die "examples of the validation"
expect 0 "finished before" "${split[@]}" --output-dir "$scratch/whole" --resume-if-any
expect 1 "--validation-split was 0.2, is 0.3" "${split[@]}" --output-dir "$scratch/whole" --resume-if-any \
  --validation-split 0.3
rm "$scratch/whole/eval_results.json"
expect 0 "trained 4 steps" "${split[@]}" --output-dir "$scratch/whole" --resume-if-any
[ -e "$scratch/whole/eval_results.json" ] || die "the lost part was not made again"
cp -r "$scratch/whole" "$scratch/part"
rm -r "$scratch"/part/checkpoint-4 "$scratch"/part/*_results.json "$scratch/part/model.safetensors"
expect 1 "chosen examples" "${split[@]}" --output-dir "$scratch/part" --resume --validation-split 0.3
expect 0 "resumed from" "${split[@]}" --output-dir "$scratch/part" --resume
same_weights "$scratch/whole" "$scratch/part" "resumed with a split: other weights"
expect 1 "--validation-file or --validation-split: give it as before" "${run[@]}" --output-dir "$scratch/part" --resume

expect 0 "20 examples of $scratch/train.tsv are held back to validate by (5 of them used)" "${split[@]}" \
  --output-dir "$scratch/few" --max-eval-samples 5

# It is validation data like any other.
expect 0 "eval: accuracy" "${split[@]}" --output-dir "$scratch/best" --load-best-model-at-end \
  --early-stopping-patience 2 --metric-for-best-model accuracy

# Samples: fewer than there are, and more.
expect 0 "trained 4 steps" "${run[@]}" --validation-file "$scratch/dev.tsv" --test-file "$scratch/dev.tsv" \
  --max-train-samples 10 --max-eval-samples 7 --output-dir "$scratch/some"
[ "$(result "$scratch/some" train train_examples)" = 10 ] || die "--max-train-samples"
[ "$(result "$scratch/some" eval examples)" = 7 ] || die "--max-eval-samples"
[ "$(result "$scratch/some" test examples)" = 30 ] || die "the test file is not whole"
evaluate() { "$thaw" evaluate --model "$scratch/some" --test-file "$scratch/dev.tsv" --worst 0 "$@"; }
evaluate --max-eval-samples 7 --seed 42 --output "$scratch/some.json" > "$scratch/log" || die "evaluate"
holds "$scratch/some.json" '"seed": 42' "the seed of the draw, a number"
holds "$scratch/log" ': 7 of 30 examples of .*dev.tsv (drawn by seed 42), single' "a sample is said"
holds "$scratch/some.json" '"drawn_from": 30' "a sample in the JSON"
loss() { grep -o '"loss": [0-9.e-]*' "$1" | head -n 1; }
[ "$(loss "$scratch/some.json")" = "$(loss "$scratch/some/eval_results.json")" ] || die "another sample than finetune's"
evaluate --max-eval-samples 7 --seed 43 --output "$scratch/other.json" > "$scratch/log" || die "another seed"
[ "$(loss "$scratch/some.json")" != "$(loss "$scratch/other.json")" ] || die "the seed draws nothing"
expect 0 ": 30 examples of $scratch/dev.tsv, single" evaluate --max-eval-samples 1000
expect 2 "--max-eval-samples: a whole number" evaluate --max-eval-samples 0
expect 0 "100 examples" "${run[@]}" --max_train_samples 1000 --output-dir "$scratch/all"
expect 0 "10 examples: 1 step an epoch" "$thaw" plan --model "$scratch/model" --train-file "$scratch/train.tsv" \
  --max-train-samples 10

# Wrong usage.
nowhere=("${run[@]}" --output-dir "$scratch/nowhere")
expect 2 "--validation-file excludes --validation-split" "${nowhere[@]}" --validation-split 0.1 \
  --validation-file "$scratch/dev.tsv"
expect 2 "--validation-split requires --train-file" "$thaw" plan --model "$scratch/model" --validation-split 0.1
expect 2 "--max-train-samples requires --train-file" "$thaw" plan --model "$scratch/model" --max-train-samples 5
expect 2 "--validation-split: a number above 0" "${nowhere[@]}" --validation-split 0
expect 2 "--validation-split: a number above 0, at most 0.9" "${nowhere[@]}" --validation-split 1
expect 2 "--max-train-samples: a whole number" "${nowhere[@]}" --max-train-samples 0
expect 2 "--max-eval-samples: needs validation data" "${nowhere[@]}" --max-eval-samples 3
expect 1 "train.tsv: a share of 0.001 of 100 examples leaves none for validation" \
  "${nowhere[@]}" --validation-split 0.001
[ ! -e "$scratch/nowhere" ] || die "an output directory of a run that did not begin"

# Texts that do not fit are counted: in training, in predictions once they are all there, in the report on data.
printf 'text\nword6 word7 word8\nword6\nword6 word7 word8 word9\n' > "$scratch/long.tsv"
expect 0 "note: train: 100 of 100 texts are too long" "${run[@]}" --max-length 4 --output-dir "$scratch/cut"
expect 0 "note: 2 of 3 texts are too long: 3 tokens are cut off" "$thaw" predict --model "$scratch/cut" \
  "$scratch/long.tsv"
"$thaw" predict --model "$scratch/whole" "$scratch/long.tsv" > "$scratch/out" 2> "$scratch/err" || die "predict"
[ ! -s "$scratch/err" ] || die "a note on texts that fit: $(cat "$scratch/err")"
sed 's/$/\tlow/; 1s/low/label/; 3s/low/high/' "$scratch/long.tsv" > "$scratch/labelled.tsv"
expect 0 "texts of more than 4 tokens, which will be cut (3 tokens beyond): 2, the first" "$thaw" data \
  --model "$scratch/model" --train-file "$scratch/labelled.tsv" --max-length 4
echo "samples: drawn, held back, told of"
