#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What can be known of a run is said before its first step: metrics, validation data, labels of all files, the output
# directory; and a finished or interrupted run is gone on with only if it is the same.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 40 1
small_data "$scratch/dev.tsv" 12 2
small_data "$scratch/regression.tsv" 40 1 regression
small_data "$scratch/multi.tsv" 40 1 multi
new=0 status=1

# refused TEXT OPTIONS...: with $status by finetune and by plan, and nothing is made.
refused() {
  local text=$1
  shift
  new=$((new + 1))
  for command in finetune plan; do
    expect $status "$text" "$thaw" $command --model "$scratch/model" --output-dir "$scratch/none$new" --max-steps 2 "$@"
    [ ! -e "$scratch/none$new" ] || die "$command made its output directory before it refused: $*"
  done
}
data=(--train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv")

# Metrics: those that the problem has, with or without eval_.
status=2
for metric in f1 eval_f1 pearson micro_f1 Accuracy test_accuracy; do
  refused "--metric-for-best-model $metric: the evaluation gives accuracy, loss, macro_f1, matthews_correlation" \
    "${data[@]}" --metric-for-best-model $metric
  refused "accuracy, loss, macro_f1, matthews_correlation" \
    --train-file "$scratch/train.tsv" --metric-for-best-model $metric
done
refused "the evaluation gives loss, mean_absolute_error, pearson, spearman" \
  --train-file "$scratch/regression.tsv" --validation-file "$scratch/regression.tsv" --metric-for-best-model accuracy
refused "the evaluation gives loss, macro_f1, micro_f1, subset_accuracy" \
  --train-file "$scratch/multi.tsv" --label-separator '|' --metric-for-best-model accuracy

# Validation data and strategies.
refused "--load-best-model-at-end: needs validation data" --train-file "$scratch/train.tsv" --load-best-model-at-end
refused "--early-stopping-patience: needs validation data" --train-file "$scratch/train.tsv" --early-stopping-patience 2
refused "--eval-strategy: needs validation data" --train-file "$scratch/train.tsv" --eval-strategy steps
status=1
refused '--eval-strategy is "no"' "${data[@]}" --load-best-model-at-end --eval-strategy no
refused '--eval-strategy is "no"' "${data[@]}" --early-stopping-patience 1 --eval-strategy no
refused "constant_with_warmup" "${data[@]}" --lr-scheduler-type constant --warmup-steps 3
refused "every parameter is frozen" "${data[@]}" --freeze '*'

# Labels of the other files, and files without rows.
printf 'text\tlabel\nword7\tother\n' > "$scratch/unknown.tsv"
printf 'text\tlabel\n' > "$scratch/header.tsv"
refused "unknown.tsv:2" --train-file "$scratch/train.tsv" --validation-file "$scratch/unknown.tsv"
refused "unknown.tsv:2" "${data[@]}" --test-file "$scratch/unknown.tsv"
refused "header.tsv" --train-file "$scratch/train.tsv" --validation-file "$scratch/header.tsv"
refused "header.tsv" "${data[@]}" --test-file "$scratch/header.tsv"

# The output directory.
run=("$thaw" finetune --model "$scratch/model" --max-steps 2 --save-strategy no)
finetune() { "${run[@]}" "${data[@]}" "$@"; }
echo precious > "$scratch/file"
expect 1 "is not a directory" finetune --output-dir "$scratch/file"
expect 1 "is not a directory" finetune --output-dir "$scratch/file/below"
[ "$(cat "$scratch/file")" = precious ] || die "the file in the way was touched"
ln -s nowhere "$scratch/dangling"
for bad in dangling dangling/ dangling/below; do
  for command in finetune plan; do
    expect 1 "dangling is a link to nowhere, which is not there" \
      "$thaw" $command --model "$scratch/no model" "${data[@]}" --output-dir "$scratch/$bad"
  done
done
before=$(sha256sum < "$scratch/model/model.safetensors")
expect 1 "--model" finetune --output-dir "$scratch/model"
[ "$(sha256sum < "$scratch/model/model.safetensors")" = "$before" ] || die "the model was overwritten"
finetune --output-dir "$scratch/run" --metric-for-best-model eval_accuracy --load-best-model-at-end > /dev/null 2>&1 ||
  die "eval_accuracy was refused"
rm -r "$scratch/run"
finetune --output-dir "$scratch/run" > /dev/null 2>&1 || die "the small run failed"
expect 1 "of a former run" finetune --output-dir "$scratch/run"
cp -r "$scratch/model" "$scratch/foreign"
expect 1 "model.safetensors of a former run" finetune --output-dir "$scratch/foreign" --resume-if-any
[ "$(sha256sum < "$scratch/foreign/model.safetensors")" = "$before" ] || die "another's model was overwritten"
expect 1 "no checkpoint to resume" finetune --output-dir "$scratch/nothing" --resume

mkdir -p "$scratch/unfinished/checkpoint-21"
cp "$scratch"/model/* "$scratch/unfinished/checkpoint-21"
touch "$scratch/unfinished/log.jsonl"
for option in "" "--top-k 1"; do
  expect 1 "is an unfinished run" "$thaw" predict --model "$scratch/unfinished" $option < /dev/null
done

# A run that was killed before its first checkpoint, even after its model was written, begins anew.
finetune --output-dir "$scratch/killed" > /dev/null 2>&1 || die "the small run failed"
rm "$scratch"/killed/*_results.json
expect 0 "trained 2 steps" finetune --output-dir "$scratch/killed" --resume-if-any

# A finished run is known again, whatever changes no result; else it is said what differs.
repeat() { finetune --output-dir "$scratch/run" --resume-if-any "$@"; }
for same in "" "--logging-steps 1" "--device reference" "--save-total-limit 7" "--learning-rate 0.00005" \
  "--batch-size 32" "--seed 42" "--batch-tokens 100" "--gradient-checkpointing" "--eval-strategy no" \
  "--metric-for-best-model accuracy"; do
  expect 0 "finished before" repeat $same
done
cp "$scratch/train.tsv" "$scratch/copy.tsv"
learn_from() {
  "${run[@]}" --validation-file "$scratch/dev.tsv" --output-dir "$scratch/run" --resume-if-any --train-file "$1"
}
expect 0 "finished before" learn_from "$scratch/copy.tsv"
expect 1 "--learning-rate" repeat --learning-rate 1e-3
expect 1 "--train-file was checksum" learn_from "$scratch/dev.tsv"
expect 1 "gone.tsv: no such file" learn_from "$scratch/gone.tsv"
mkfifo "$scratch/pipe.tsv"
expect 1 "pipe.tsv: is no regular file, and is read more than once" learn_from "$scratch/pipe.tsv"
expect 1 "pipe.tsv: is no regular file" "$thaw" data --train-file "$scratch/pipe.tsv"
expect 1 "pipe.tsv: is no regular file" "$thaw" lr-find --model "$scratch/model" --train-file "$scratch/pipe.tsv"
expect 1 "--freeze" repeat --freeze 'bert.*'

# What another option overrules, and what would be found without it, is no other run.
length=$(sed -n 's/.*"max_position_embeddings": \([0-9]*\).*/\1/p' "$scratch/model/config.json")
for same in "--num-train-epochs 9" "--train *" "--problem-type single_label_classification" "--max-length $length" \
  "--warmup-ratio 0"; do
  (set -f; expect 0 "finished before" repeat $same) || exit 1
done
expect 1 "--max-length was not given" repeat --max-length 5
expect 1 "--test-file was not given" repeat --test-file "$scratch/dev.tsv"
expect 1 "--problem-type was not given" repeat --problem-type multi_label_classification

# A finished run that lost a part makes it again from its checkpoint, or says what to do.
kept=(--save-strategy epoch --test-file "$scratch/dev.tsv")
finetune "${kept[@]}" --output-dir "$scratch/kept" > /dev/null 2>&1 || die "the run with a test file failed"
before=$(sha256sum < "$scratch/kept/model.safetensors")
for part in model.safetensors config.json eval_results.json test_results.json; do
  for loss in rm "truncate -s 0" "truncate -s 7"; do
    $loss "$scratch/kept/$part"
    expect 0 "trained 2 steps" finetune "${kept[@]}" --output-dir "$scratch/kept" --resume-if-any
    [ "$(sha256sum < "$scratch/kept/model.safetensors")" = "$before" ] || die "another model after: $loss $part"
    expect 0 "finished before" finetune "${kept[@]}" --output-dir "$scratch/kept" --resume-if-any
  done
done
# Results that a command does not compute are not lost to it.
expect 1 "test_results.json: would be lost" finetune --output-dir "$scratch/kept" --resume
expect 1 "eval_results.json: would be lost" "$thaw" finetune --model "$scratch/model" --max-steps 2 \
  --train-file "$scratch/train.tsv" --test-file "$scratch/dev.tsv" --output-dir "$scratch/kept" --resume
expect 0 "finished before" finetune "${kept[@]}" --output-dir "$scratch/kept" --resume-if-any
rm -r "$scratch"/kept/checkpoint-* "$scratch/kept/model.safetensors"
expect 1 "no checkpoint to make it from again" finetune "${kept[@]}" --output-dir "$scratch/kept" --resume-if-any
[ -e "$scratch/kept/test_results.json" ] || die "results of a run that lost its model are gone"

# An interrupted run: the same data, labels and model, or it is refused in words.
part=(--max-steps 4 --save-strategy steps --save-steps 2 --logging-steps 1)
finetune "${part[@]}" --output-dir "$scratch/whole" > "$scratch/log" 2>&1 || die "the whole run failed"
told=$(sed -n 's/^a checkpoint takes about \([0-9.]*\) MB$/\1/p' "$scratch/log")
taken=$(cat "$scratch"/whole/checkpoint-4/* | wc -c)
at_least "$told" "$(awk -v b="$taken" 'BEGIN { print 0.8 * b / 1e6 }')" "what a checkpoint will take ($taken bytes)"
at_least "$(awk -v b="$taken" 'BEGIN { print 1.2 * b / 1e6 }')" "$told" "1.2 times what a checkpoint takes"
finetune "${part[@]}" --output-dir "$scratch/part" > /dev/null 2>&1 || die "the first part failed"
again() { expect "$1" "$2" finetune "${part[@]}" --output-dir "$scratch/part" --resume "${@:3}"; }
rm -r "$scratch"/part/checkpoint-4 "$scratch"/part/*.json "$scratch/part/model.safetensors"
sed 's/low$/slow/' "$scratch/train.tsv" > "$scratch/renamed.tsv"
again 1 "labels were [high, low], are [high, slow]" \
  --train-file "$scratch/renamed.tsv" --validation-file "$scratch/renamed.tsv"
awk -F'\t' 'NR == 2 { $2 = $2 == "low" ? "high" : "low" } { print $1 "\t" $2 }' \
  "$scratch/train.tsv" > "$scratch/turned.tsv"
again 1 "labels of the texts were" --train-file "$scratch/turned.tsv"
sed '2s/word[0-9]*/word9/; 3s/word[0-9]*/word8/' "$scratch/train.tsv" > "$scratch/reworded.tsv"
again 1 "texts, as token ids were" --train-file "$scratch/reworded.tsv"
cp -r "$scratch/model" "$scratch/dropout"
sed -i 's/"hidden_dropout_prob": [0-9.]*/"hidden_dropout_prob": 0.25/' "$scratch/dropout/config.json"
again 1 "hidden_dropout_prob was" --model "$scratch/dropout"
again 1 "weights of --model were" --model "$scratch/run"
again 1 "validation data was" --validation-file "$scratch/train.tsv" --load-best-model-at-end
cp -r "$scratch/model" "$scratch/cased"
echo '{"do_lower_case": false}' > "$scratch/cased/tokenizer_config.json"
again 1 "files of the tokenizer was" --model "$scratch/cased"
cp "$scratch"/part/checkpoint-2/{vocab.txt,tokenizer*.json} "$scratch/model"  # as the run wrote them
# What changes no weight is no other run; the results tell of all of it.
again 0 "trained 4 steps" --validation-file "$scratch/train.tsv" --logging-steps 3 --save-steps 3
same_weights "$scratch/part" "$scratch/whole" "the resumed run has other weights"
[ "$(result "$scratch/part" train train_steps)" = 4 ] ||
  die "steps of the whole run: $(cat "$scratch/part/train_results.json")"
echo "before training: all that can be known is said"
