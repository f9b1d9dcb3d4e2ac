#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# thaw evaluate: finetune's numbers again, with intervals, classes, what was taken for what, and the most wrong texts.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 120 1
small_data "$scratch/test.tsv" 40 2
finetune_quietly "$scratch/run" --train-file "$scratch/train.tsv" --test-file "$scratch/test.tsv" --num-train-epochs 1
evaluate() { "$thaw" evaluate --model "$scratch/run" "$@"; }

evaluate --test-file "$scratch/test.tsv" --output "$scratch/out.json" --confusion "$scratch/confusion.svg" \
  > "$scratch/report" || die "evaluate"
for metric in accuracy loss macro_f1 matthews_correlation; do
  same_results "$scratch/out.json" "$scratch/run/test_results.json" $metric "not as finetune"
done
holds "$scratch/report" '^accuracy  *[01]\.[0-9]*   [01]\.[0-9]* to [01]\.[0-9]*$' "an interval"
holds "$scratch/report" '^high  *[01]\.[0-9]*  *[01]\.[0-9]*  *[01]\.[0-9]*  *20$' "a class"
holds "$scratch/report" '^weighted mean .* 40$' "the mean of the classes"
holds "$scratch/report" '^ 0  high  *[0-9]*  *[0-9]*$' "what was taken for what"
grep -q '<svg' "$scratch/confusion.svg" || die "no SVG"
grep -q '"confusion": \[' "$scratch/out.json" || die "no matrix in the JSON"

# The most wrong of all is a text whose label is wrong; in its place by file and line.
{ cat "$scratch/train.tsv"; sed -n '2,40p' "$scratch/train.tsv" | grep 'high$' | head -n 1 | sed 's/high$/low/'; } \
  > "$scratch/slip.tsv"
finetune_quietly "$scratch/good" --train-file "$scratch/train.tsv" --num-train-epochs 8
"$thaw" evaluate --model "$scratch/good" --test-file "$scratch/slip.tsv" --worst 1 > "$scratch/report" || die "--worst"
holds "$scratch/report" 'slip.tsv:122$' "the most wrong text"
holds "$scratch/report" '"low", said "high"' "what it is, and what was said"
[ "$(grep -c 'slip.tsv:[0-9]*$' "$scratch/report")" = 1 ] || die "--worst 1: $(cat "$scratch/report")"
evaluate --test-file "$scratch/test.tsv" --worst 0 --bootstrap-samples 0 > "$scratch/report" ||
  die "nothing but metrics"
! grep -q 'most wrong\|interval' "$scratch/report" || die "what nobody asked for: $(cat "$scratch/report")"

# Other data than those it was trained on: one label alone, numbers of classes, JSONL, labels that it does not know.
grep 'low$\|label$' "$scratch/test.tsv" > "$scratch/low.tsv"
expect 0 "20 examples" evaluate --test-file "$scratch/low.tsv"
sed 's/high$/0/; s/low$/1/' "$scratch/test.tsv" > "$scratch/numbers.tsv"
expect 0 'the labels 0, 1 are taken as numbers of the model'"'"'s classes (0 is "high")' \
  evaluate --test-file "$scratch/numbers.tsv" --output "$scratch/numbers.json"
for metric in accuracy loss macro_f1; do
  same_results "$scratch/numbers.json" "$scratch/out.json" $metric "numbers of classes"
done
printf '{"body": "word6", "kind": "low"}\n' > "$scratch/one.jsonl"
expect 0 "1 example of" evaluate --test-file "$scratch/one.jsonl" --text-column body --label-column kind
printf 'text\tlabel\nword6\tlow\nword7\tLow\n' > "$scratch/unknown.tsv"
expect 1 'unknown.tsv:3: unknown label "Low"' evaluate --test-file "$scratch/unknown.tsv"
printf 'text\tlabel\n' > "$scratch/header.tsv"
expect 1 "header.tsv: has no rows" evaluate --test-file "$scratch/header.tsv"
expect 1 "nowhere.tsv" evaluate --test-file nowhere.tsv

# Wrong usage.
expect 1 "no/such" "$thaw" evaluate --model no/such --test-file "$scratch/test.tsv"
expect 2 "--test-file is required" "$thaw" evaluate --model "$scratch/run"
expect 1 "nothing: no such directory" "$thaw" evaluate --model "$scratch/nothing"
expect 2 "--test-file is required: $scratch/model has no thaw_task.json" "$thaw" evaluate --model "$scratch/model"
expect 2 "--worst: a whole number" evaluate --test-file "$scratch/test.tsv" --worst few
expect 1 "--output $scratch: is a directory" evaluate --test-file "$scratch/test.tsv" --output "$scratch"
expect 1 "--confusion $scratch/no/a.svg: $scratch/no is not a directory" evaluate --test-file "$scratch/test.tsv" \
  --confusion "$scratch/no/a.svg"
# Outputs that would harm what is read, or cannot be written, are refused before anything is computed.
spares() {
  local sum
  sum=$(cat "$scratch/test.tsv" "$scratch/run/model.safetensors" | sha256sum)
  expect 1 "$@"
  [ "$sum" = "$(cat "$scratch/test.tsv" "$scratch/run/model.safetensors" | sha256sum)" ] || die "harmed: $*"
  ! grep -q '^metric' "$scratch/expect.out" || die "refused after the work was done: $*"
}
ln -s "$scratch/test.tsv" "$scratch/link.tsv"
echo other > "$scratch/other.tsv"
for other in test.tsv ./run/../test.tsv link.tsv; do
  spares "is --test-file, too: it would be overwritten" evaluate --test-file "$scratch/test.tsv" \
    --output "$scratch/$other"
done
spares "a file of --model $scratch/run would be overwritten" evaluate --test-file "$scratch/test.tsv" \
  --output "$scratch/run/model.safetensors"
spares "a file of --model $scratch/run could be meant by this name" evaluate --test-file "$scratch/test.tsv" \
  --output "$scratch/run/new.jsonl"
spares "--output $scratch/./c.svg: is --confusion, too" evaluate --test-file "$scratch/test.tsv" \
  --confusion "$scratch/c.svg" --output "$scratch/./c.svg"
spares "--output $scratch/other.tsv: is there, and no .json file by its name" evaluate --test-file "$scratch/test.tsv" \
  --output "$scratch/other.tsv"
spares "--output /dev/full: is not a regular file" evaluate --test-file "$scratch/test.tsv" --output /dev/full
for _ in 1 2; do
  expect 0 "20 examples" evaluate --test-file "$scratch/low.tsv" --output "$scratch/run/low.json"
done
expect 0 "percentile bootstrap" "$thaw" evaluate --help
mkfifo "$scratch/pipe.tsv"
expect 1 "pipe.tsv: is no regular file, and is read more than once" evaluate --test-file "$scratch/pipe.tsv"

# Several labels a row, by name and as 0/1 vectors; numbers.
small_data "$scratch/multi.tsv" 60 3 multi
finetune_quietly "$scratch/multi" --train-file "$scratch/multi.tsv" --label-separator '|' --num-train-epochs 1 \
  --test-file "$scratch/multi.tsv"
several=("$thaw" evaluate --model "$scratch/multi")
"${several[@]}" --test-file "$scratch/multi.tsv" --label-separator '|' --output "$scratch/several.json" \
  > "$scratch/report" || die "several labels"
same_results "$scratch/several.json" "$scratch/multi/test_results.json" micro_f1 "several labels"
holds "$scratch/report" '^low  *[01]\.' "a label of several"
! grep -q 'taken for' "$scratch/report" || die "a matrix of several labels"
spares "--confusion: what this model says" "${several[@]}" --test-file "$scratch/multi.tsv" --label-separator '|' \
  --confusion "$scratch/several.svg"
# The model keeps what joins its labels; one that another program wrote has to be told.
expect 0 "micro_f1" "${several[@]}" --test-file "$scratch/multi.tsv" --output "$scratch/kept.json"
same_results "$scratch/kept.json" "$scratch/several.json" micro_f1 "labels that are joined as in the training"
cp -r "$scratch/multi" "$scratch/not_told"
rm "$scratch/not_told/thaw_task.json"
expect 1 "need --label-separator" "$thaw" evaluate --model "$scratch/not_told" --test-file "$scratch/multi.tsv"
! grep -q -- '--problem-type' "$scratch/expect.err" || die "advice to give an option that evaluate has not"
sed 's/low|high$/1,1/; s/high$/1,0/; s/low$/0,1/' "$scratch/multi.tsv" > "$scratch/vectors.tsv"
"${several[@]}" --test-file "$scratch/vectors.tsv" --label-separator ',' --output "$scratch/vectors.json" > /dev/null ||
  die "0/1 vectors"
for metric in micro_f1 macro_f1 loss; do
  same_results "$scratch/vectors.json" "$scratch/several.json" $metric "0/1 vectors"
done
expect 1 "--label-separator is for several labels a row" evaluate --test-file "$scratch/multi.tsv" --label-separator '|'
small_data "$scratch/regression.tsv" 60 4 regression
finetune_quietly "$scratch/numbers" --train-file "$scratch/regression.tsv" --num-train-epochs 1
expect 0 "mean_absolute_error" "$thaw" evaluate --model "$scratch/numbers" --test-file "$scratch/regression.tsv"
expect 1 'unknown.tsv:2: the label "low" is not a number, as regression needs it' "$thaw" evaluate \
  --model "$scratch/numbers" --test-file "$scratch/unknown.tsv"
echo "evaluate: the numbers of finetune, and what is behind them"
