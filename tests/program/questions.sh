#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The task of answering questions, from a data set to predictions: SQuAD's JSON and JSONL in, long contexts in windows,
# answers with their places out.
. "$(dirname "$0")/lib.bash"
small_model

# questions FILE ROWS SEED: asked is for the word that follows word7 among others; every fourth has no answer.
questions() {
  awk -v rows="$2" -v seed="$3" 'BEGIN {
    srand(seed)
    for (i = 0; i < rows; i++) {
      n = 12 + int(rand() * 40); at = int(rand() * (n - 1)); start = 0; context = ""
      for (w = 0; w < n; w++) {
        word = w == at && i % 4 ? "word7" : "word" (20 + int(rand() * 100))
        if (w == at + 1) { start = length(context); answer = word }
        context = context word " "
      }
      list = i % 4 ? "\"text\": [\"" answer "\"], \"answer_start\": [" start "]" : "\"text\": [], \"answer_start\": []"
      printf "{\"id\": \"q%d\", \"question\": \"word7 word8\", ", i
      printf "\"context\": \"%s\", \"answers\": {%s}}\n", context, list
    }
  }' > "$1"
}
questions "$scratch/train.jsonl" 60 1
questions "$scratch/dev.jsonl" 20 2
qa() { "$thaw" "$1" --task qa --model "$scratch/model" "${@:2}"; }

qa data --train-file "$scratch/train.jsonl" --validation-file "$scratch/dev.jsonl" --max-length 24 > "$scratch/log"
holds "$scratch/log" "train .* 60 .* 60 .* 15 " "questions, contexts and those without answer"
holds "$scratch/log" "^0 warnings" "a clean data set"
qa plan --train-file "$scratch/train.jsonl" --max-length 24 > "$scratch/log" 2>&1 || die "plan: $(cat "$scratch/log")"
holds "$scratch/log" "steps an epoch" "the plan"

train() {
  finetune_quietly "$@" --task qa --train-file "$scratch/train.jsonl" --validation-file "$scratch/dev.jsonl" \
    --max-length 24 --doc-stride 8 --num-train-epochs 1
}
train "$scratch/run"
for metric in exact_match f1 has_answer_f1 no_answer_f1 best_f1_threshold; do
  holds "$scratch/run/eval_results.json" "\"$metric\"" "metrics"
done
holds "$scratch/run/thaw_task.json" '"doc_stride": 8' "options that belong to the model"

# Judged again: questions count, not windows; what is odd about the file is told.
printf '{"question": "word7", "context": "word9 word8", "answers": {"text": ["word8"], "answer_start": [2]}}\n' \
  > "$scratch/odd.jsonl"
expect 0 ": 20 examples of $scratch/dev.jsonl" "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/dev.jsonl"
expect 0 "not where its answer_start says" "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/odd.jsonl"

# Where evaluations decide which model is kept, other answers of the same model are another run.
train "$scratch/best" --load-best-model-at-end --metric-for-best-model f1 \
  --eval-strategy steps --eval-steps 2 --save-strategy steps --save-steps 2
rm "$scratch/best/model.safetensors" "$scratch/best/train_results.json"
again() {  # a note comes before what is looked at
  local status=0
  "$thaw" finetune --config "$scratch/best/options.txt" --output-dir "$scratch/best" --resume "$@" \
    2> "$scratch/err" || status=$?
  grep -v "may be said" "$scratch/err" >&2 || true
  return $status
}
expect 1 "--max-answer-length was 30, is 10" again --max-answer-length 10
expect 0 "resumed from" again

# A run that was stopped goes on to the same bits.
finetune_quietly "$scratch/half" --task qa --train-file "$scratch/train.jsonl" \
  --validation-file "$scratch/dev.jsonl" --max-length 24 --doc-stride 8 --num-train-epochs 1 --save-strategy steps \
  --save-steps 3
rm "$scratch/half/model.safetensors" "$scratch/half/train_results.json"
for last in "$scratch"/half/checkpoint-*; do :; done
"$thaw" finetune --task qa --model "$scratch/model" --output-dir "$scratch/half" --learning-rate 3e-3 --batch-size 16 \
  --train-file "$scratch/train.jsonl" --validation-file "$scratch/dev.jsonl" --max-length 24 --doc-stride 8 \
  --num-train-epochs 1 --save-strategy steps --save-steps 3 --resume > "$scratch/log" 2>&1 ||
  die "resume: $(cat "$scratch/log")"
same_weights "$scratch/run" "$scratch/half" "a resumed run has other weights"

# Predictions: places are those of the original context, from any form of the file.
predict() { "$thaw" predict --model "$scratch/run" "$@"; }
predict "$scratch/dev.jsonl" > "$scratch/from_file"
[ "$(head -n 1 "$scratch/from_file")" = $'id\tanswer\tprobability\tstart\tend' ] || die "header"
[ "$(tail -n +2 "$scratch/from_file" | cut -f1 | head -n 2 | xargs)" = "q0 q1" ] || die "ids"
predict < "$scratch/dev.jsonl" | cmp -s - "$scratch/from_file" || die "other answers from the standard input"
predict "$scratch/dev.jsonl" --null-score-diff-threshold 1000 > "$scratch/always"
[ "$(awk -F'\t' 'NR > 1 && $2 == ""' "$scratch/always" | wc -l)" = 0 ] || die "no answer, above the threshold"
paste <(tail -n +2 "$scratch/always") <(sed 's/.*"context": "\([^"]*\)".*/\1/' "$scratch/dev.jsonl") |
  awk -F'\t' 'substr($6, $4 + 1, $5 - $4) != $2 { exit 1 }' || die "answers are not where they say"
predict "$scratch/dev.jsonl" --output-format jsonl --n-best --n-best-size 3 > "$scratch/out"
[ "$(wc -l < "$scratch/out")" = 20 ] || die "rows of JSONL"
holds "$scratch/out" '"null_score_diff": .*"n_best": \[{"answer"' "the n best"
sed 's/, "answers".*/}/' "$scratch/dev.jsonl" | predict | cmp -s - "$scratch/from_file" || die "rows without answers"
printf '{"data": [{"paragraphs": [{"context": "word7 word30", "qas": [{"id": "x", "question": "word7"}]}]}]}' \
  > "$scratch/squad.json"
[ "$(predict "$scratch/squad.json" | wc -l)" = 2 ] || die "SQuAD's JSON"

# Files for SQuAD's scripts: an object, the answer of each id in it, and how much better none scores.
predict "$scratch/dev.jsonl" --predictions-file "$scratch/said.json" --null-odds-file "$scratch/odds.json" |
  cmp -s - "$scratch/from_file" || die "--predictions-file changes the answers"
tail -n +2 "$scratch/from_file" | awk -F'\t' '{ printf "%s\"%s\": \"%s\"", (NR == 1 ? "{\n" : ",\n"), $1, $2 }
  END { print "\n}" }' | cmp -s - "$scratch/said.json" || die "predictions file: $(cat "$scratch/said.json")"
[ "$(grep -c '^"q[0-9]*": -*[0-9.e-]*,*$' "$scratch/odds.json")" = 20 ] || die "odds: $(cat "$scratch/odds.json")"
expect 1 "no/said.json" predict "$scratch/dev.jsonl" --predictions-file "$scratch/no/said.json"
cp "$scratch/dev.jsonl" "$scratch/own.jsonl"
expect 1 "own.jsonl" predict "$scratch/own.jsonl" --predictions-file "$scratch/own.jsonl"
cmp -s "$scratch/dev.jsonl" "$scratch/own.jsonl" || die "the questions were overwritten"
head -n 2 "$scratch/dev.jsonl" | cat - "$scratch/dev.jsonl" | head -n 3 > "$scratch/twice.jsonl"
! predict "$scratch/twice.jsonl" --predictions-file "$scratch/twice.json" > "$scratch/out" 2> "$scratch/log" ||
  die "an id that is there twice"
holds "$scratch/log" 'twice.jsonl:3: the id "q[0-9]*" was there before' "an id that is there twice"
[ "$(wc -l < "$scratch/out")" = 3 ] || die "the rows before a wrong one: $(cat "$scratch/out")"
expect 2 "--predictions-file: not known" qa data --train-file "$scratch/train.jsonl" \
  --predictions-file a.json

expect 1 "has no \"answers\"" qa finetune --train-file "$scratch/squad.json" --output-dir "$scratch/no"
cp "$scratch/model/vocab.txt" "$scratch/vocab.tsv"
expect 1 "questions are read from" qa data --train-file "$scratch/vocab.tsv"
expect 1 "needs --output-format jsonl" predict --n-best "$scratch/dev.jsonl"
expect 2 "--format tsv: questions are read from jsonl" predict --format tsv "$scratch/dev.jsonl"
expect 2 "--max-length" qa data --train-file "$scratch/train.jsonl" --max-length 4
expect 2 "--doc-stride" qa data --train-file "$scratch/train.jsonl" --doc-stride -1
expect 0 "not where its answer_start says" qa data --train-file "$scratch/odd.jsonl"
echo "questions: as they must be"
