#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A mixture of tasks through the program: one T5 learns to turn two words round after one prefix, and to repeat the
# first after another; each is judged by its own metric, the run is killed and resumed bit for bit.
. "$(dirname "$0")/lib.bash"

goldens=${THAW_GOLDENS:-$source_dir/../shared/goldens}
[ -d "$goldens/t5_v10" ] || goldens=$source_dir/tests/goldens
mkdir "$scratch/model"
cp "$goldens"/t5_v10/{config.json,model.safetensors} "$scratch/model/"
sed -i 's/"eos_token_id": 1/"eos_token_id": 3/' "$scratch/model/config.json"
size=$(sed -n 's/.*"vocab_size": \([0-9]*\).*/\1/p' "$scratch/model/config.json")
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' > "$scratch/model/vocab.txt"
seq 6 "$size" | sed 's/^/word/' >> "$scratch/model/vocab.txt"
echo '{"tokenizer_class": "BertTokenizer"}' > "$scratch/model/tokenizer_config.json"

# pairs FILE ROWS SEED KIND
pairs() {
  awk -v rows="$2" -v seed="$3" -v kind="$4" 'BEGIN {
    srand(seed); print kind == "turn" ? "source\ttarget" : "words\tfirst"
    for (i = 0; i < rows; i++) {
      a = "word" (6 + int(rand() * 6)); b = "word" (20 + int(rand() * 6))
      print a " " b "\t" (kind == "turn" ? b " " a : a)
    }
  }' > "$1"
}
mkdir "$scratch/data"
pairs "$scratch/data/turn.tsv" 300 1 turn
pairs "$scratch/data/turn_dev.tsv" 30 2 turn
pairs "$scratch/data/first.tsv" 60 3 first
pairs "$scratch/data/first_dev.tsv" 30 4 first
printf '%s\n' $'name\tprefix\tfile\tvalidation_file\tsource_column\ttarget_column\tmetric' \
  $'turn\tword50 \tturn.tsv\tturn_dev.tsv\t\t\texact_match' \
  $'first\tword60 \tfirst.tsv\tfirst_dev.tsv\twords\tfirst\texact_match,accuracy,token_error_rate' \
  > "$scratch/data/tasks.tsv"

mixture() { finetune_quietly "$@" --task text2text --mixture "$scratch/data/tasks.tsv" --seed 1; }
mixture "$scratch/run" --max-steps 220 --mixture-cap 100 --eval-strategy steps --eval-steps 110
holds "$scratch/log" '^turn: 300 examples of .*turn.tsv, 62.50 % of the mixture' "rates"
holds "$scratch/log" '^first: 60 examples of .*first.tsv, 37.50 % of the mixture' "rates"
holds "$scratch/log" '^an epoch of the mixture: 160 examples drawn' "an epoch"
learnt() { sed -n "s/^$1: \([0-9]*\) examples learnt/\1/p" "$scratch/log"; }
[ $(($(learnt turn) + $(learnt first))) = 3520 ] || die "220 steps of 16 examples: $(cat "$scratch/log")"
awk -v a="$(learnt turn)" 'BEGIN { exit !(a > 2050 && a < 2350) }' || die "turn: $(learnt turn) of 3520 examples"
metric() { sed -n "s|.*\"$2\": \([-0-9.e+]*\).*|\1|p" "$scratch/$1/eval_results.json"; }
at_least "$(metric run exact_match/turn)" 0.9 "turned words"
at_least "$(metric run exact_match/first)" 0.9 "first words"
[ "$(metric run accuracy/first)" = "$(metric run exact_match/first)" ] ||
  die "labels: $(metric run accuracy/first), texts: $(metric run exact_match/first)"
# Of each task the loss of its terms, in training and in validation.
for event in train eval; do
  grep "\"event\": *\"$event\"" "$scratch/run/log.jsonl" > "$scratch/lines"
  [ "$(grep -c '"loss/turn"' "$scratch/lines")" = "$(wc -l < "$scratch/lines")" ] &&
    grep -q '"loss/first"' "$scratch/lines" || die "no losses of tasks in the log: $(head -c 600 "$scratch/lines")"
done

# Each task alone is judged and asked as ever, with its prefix.
"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/data/turn_dev.tsv" --source-prefix "word50 " \
  --output "$scratch/turn.json" > /dev/null || die "evaluate"
one=$(sed -n 's/.*"exact_match": \([-0-9.e+]*\).*/\1/p' "$scratch/turn.json" | head -n 1)
awk -v a="$one" -v b="$(metric run exact_match/turn)" 'BEGIN { d = a - b; exit !(d * d < 1e-10) }' ||
  die "judged alone: $one instead of $(metric run exact_match/turn)"
echo 'word7 word21' > "$scratch/source.txt"
said() { "$thaw" predict --model "$scratch/run" "$scratch/source.txt" --source-prefix "$1" | sed -n 2p | cut -f1; }
[ "$(said 'word50 ')" = "word21 word7" ] || die "turn: $(said 'word50 ')"
[ "$(said 'word60 ')" = "word7" ] || die "first: $(said 'word60 ')"

# Killed at any moment and gone on with, within an epoch and behind it: the same bits.
short=(--max-steps 60 --eval-strategy no --mixture-examples 200 --mixture-temperature 2)
mixture "$scratch/whole" "${short[@]}"
turns=$(learnt turn) firsts=$(learnt first)
case $((turns + firsts)) in  # four epochs of 200, and 8 steps of 16 or, once an epoch, 8
  928 | 920) ;;
  *) die "60 steps: $(cat "$scratch/log")" ;;
esac
for attempt in 1 2 3 4; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 --batch-size 16 \
      --task text2text --mixture "$scratch/data/tasks.tsv" --seed 1 --save-strategy steps --save-steps 7 "${short[@]}" \
      --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 25 + 8)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
mixture "$scratch/killed" "${short[@]}" --save-strategy steps --save-steps 7 --resume-if-any
same_weights "$scratch/whole" "$scratch/killed" "a resumed run has other weights"
losses() {
  sed -n 's/.*"event": *"train".*"step": *\([0-9]*\).*\("loss":.*\), *"tokens.*/\1 \2/p' "$1/log.jsonl"
}
[ -n "$(losses "$scratch/whole")" ] && [ "$(losses "$scratch/whole")" = "$(losses "$scratch/killed")" ] ||
  die "a resumed run logs other losses: $(losses "$scratch/whole") $(losses "$scratch/killed")"

# Finished is finished, as long as table and data are what they were.
again() { "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/whole" --learning-rate 3e-3 --batch-size 16 \
  --save-strategy no --task text2text --mixture "$scratch/data/tasks.tsv" --seed 1 "${short[@]}" --resume-if-any "$@"; }
expect 0 "finished before" again
expect 1 "mixture-cap" again --mixture-cap 50
cp "$scratch/data/first.tsv" "$scratch/first.tsv"
printf 'word9 word22\tword9\n' >> "$scratch/data/first.tsv"
expect 1 "first.tsv" again
cp "$scratch/first.tsv" "$scratch/data/first.tsv"

# Looked at beforehand.
"$thaw" data --task text2text --model "$scratch/model" --mixture "$scratch/data/tasks.tsv" > "$scratch/log" ||
  die "data"
holds "$scratch/log" '^turn:' "data: tasks"
holds "$scratch/log" '^train .* 60 rows' "data: rows"
expect 0 "160 examples: 10 steps an epoch" "$thaw" plan --task text2text --model "$scratch/model" --batch-size 16 \
  --mixture "$scratch/data/tasks.tsv" --mixture-cap 100

# Told: what of which task is cut, once for each, and tasks that nothing tells apart.
mixture "$scratch/cut" --max-steps 1 --max-length 4 --eval-strategy no
holds "$scratch/log" '^note: .*/turn.tsv: turn: 300 of 300 sources are too long: 300 tokens are cut off$' "cut sources"
[ "$(grep -c 'too long' "$scratch/log")" = 4 ] || die "cut texts: $(cat "$scratch/log")"
printf 'name\tprefix\tfile\na\tword50 \tturn.tsv\nb\tword50 \tturn_dev.tsv\n' > "$scratch/data/alike.tsv"
expect 0 'note: '"$scratch/data/alike.tsv:3: the prefix" "$thaw" plan --task text2text --model "$scratch/model" \
  --batch-size 16 --mixture "$scratch/data/alike.tsv"
expect 0 'alike.tsv:3: the prefix "word50 " is that of a, b' "$thaw" data --task text2text --model "$scratch/model" \
  --mixture "$scratch/data/alike.tsv"

# What cannot be meant.
bad() { expect "$1" "$2" "$thaw" finetune --task text2text --model "$scratch/model" --output-dir "$scratch/none" \
  "${@:3}"; }
bad 2 "--train-file is required"
bad 2 "--mixture names the data" --mixture "$scratch/data/tasks.tsv" --train-file "$scratch/data/turn.tsv"
bad 2 "--mixture-cap: there is no --mixture" --train-file "$scratch/data/turn.tsv" --mixture-cap 5
bad 2 "--source-prefix: with --mixture each task has its own prefix" --mixture "$scratch/data/tasks.tsv" \
  --source-prefix "a "
bad 1 'none.tsv: ' --mixture "$scratch/none.tsv"
printf 'name\tprefix\tfile\na\t\tmissing.tsv\n' > "$scratch/data/bad.tsv"
usage_said() { bad 2 "$@"; [ "$(wc -l < "$scratch/expect.err")" = 1 ] || die "$(cat "$scratch/expect.err")"; }
usage_said "--mixture: empty: the name of a file" --mixture "" --train-file "$scratch/data/turn.tsv"
usage_said '--label-words: with --mixture each task has its own, in the table' --mixture "$scratch/data/tasks.tsv" \
  --label-words a,b
usage_said '--mixture-examples: a whole number from 0 to 10000000 was expected, not "1000000000000"' \
  --mixture "$scratch/data/tasks.tsv" --mixture-examples 1000000000000
usage_said "--validation-split: is of --train-file, and --mixture names the data" \
  --mixture "$scratch/data/tasks.tsv" --validation-split 0.1
usage_said "--max-train-samples: is of --train-file, and --mixture names the data" \
  --mixture "$scratch/data/tasks.tsv" --max-train-samples 10
printf 'name\tprefix\tfile\na\t\tturn.tsv\n' > "$scratch/data/bad.tsv"
usage_said "--load-best-model-at-end: needs validation data: what --mixture names has none" \
  --mixture "$scratch/data/bad.tsv" --load-best-model-at-end
printf 'name\tprefix\tfile\tvalidation-file\na\t\tturn.tsv\t\n' > "$scratch/data/bad.tsv"
bad 1 'a column "validation-file"; there may be: "name", "prefix", "file", "validation_file", ' \
  --mixture "$scratch/data/bad.tsv"
printf 'name\tprefix\tfile\na\tword7 word8 word9 word10 word11 word12 \tturn.tsv\n' > "$scratch/data/bad.tsv"
bad 1 "bad.tsv:2: the prefix: its 8 tokens leave no room for a source within --max-length, 8" \
  --mixture "$scratch/data/bad.tsv" --max-length 8
expect 1 "bad.tsv:2: the prefix: its 8 tokens leave no room for a source within --max-length, 8" \
  "$thaw" data --task text2text --model "$scratch/model" --mixture "$scratch/data/bad.tsv" --max-length 8
printf 'name\tprefix\tfile\na\t\tmissing.tsv\n' > "$scratch/data/bad.tsv"
bad 1 "bad.tsv:2: $scratch/data/missing.tsv: there is no such file" --mixture "$scratch/data/bad.tsv"
printf 'name\tprefix\tfile\na\t\tfirst.tsv\n' > "$scratch/data/bad.tsv"
bad 1 'has no column "source"' --mixture "$scratch/data/bad.tsv"
printf 'name\tprefix\tfile\ttarget_column\na\t\tturn.tsv\tsource\n' > "$scratch/data/bad.tsv"
bad 1 'bad.tsv:2: "source_column", "target_column": "source" is in both' \
  --mixture "$scratch/data/bad.tsv"
bad 2 '--source-column, --target-column: "target" is in both' \
  --train-file "$scratch/data/turn.tsv" --source-column target
bad 2 "rouge1/turn" --mixture "$scratch/data/tasks.tsv" --metric-for-best-model rouge1/turn
echo "mixture: learnt, judged task by task, killed, resumed"
