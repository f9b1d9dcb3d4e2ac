#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What comes next, through the program: a new GPT learns texts, is killed, resumed bit for bit, judged, goes on behind
# prompts; answers behind prompts; adapters; what is wrong is one line.
. "$(dirname "$0")/lib.bash"

# Texts that are easily told: counting on from a digit.
awk 'BEGIN {
  for (i = 0; i < 96; i++) { t = "now"; for (j = 0; j < 4 + i % 5; j++) t = t " " (i + j) % 10; print t }
}' > "$scratch/train.txt"
head -n 12 "$scratch/train.txt" > "$scratch/validation.txt"
{ awk 'BEGIN { printf "now"; for (j = 0; j < 40; j++) printf " %d", j % 10; print "\n" }'; } >> "$scratch/train.txt"
expect 0 "GPT2LMHeadModel with random weights" "$thaw" init --type gpt2 --files "$scratch/train.txt" --vocab-size 257 \
  --layers 2 --hidden-size 32 --heads 2 --positions 32 --dropout 0 --output-dir "$scratch/model"

lm() { finetune_quietly "$@" --task lm --train-file "$scratch/train.txt" --max-length 28; }
lm "$scratch/run" --validation-file "$scratch/validation.txt" --num-train-epochs 40 --learning-rate 1e-2
holds "$scratch/log" '1 text of more than 28 tokens: [0-9]* examples were made of it' "a long text"
holds "$scratch/log" '1 text has no token to be told: passed over, the first .*train.txt:98$' "an empty text"
at_least "$(result "$scratch/run" eval accuracy)" 0.5 "accuracy"
bits=$(result "$scratch/run" eval bits_per_byte)
awk -v b="$bits" 'BEGIN { exit !(b > 0 && b < 2) }' || die "bits per byte: $bits"

# Killed at any moment and gone on with: the same bits.
short=(--max-steps 30)
lm "$scratch/whole" "${short[@]}"
for attempt in 1 2 3; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 --batch-size 16 \
      --task lm --train-file "$scratch/train.txt" --max-length 28 "${short[@]}" --save-strategy steps --save-steps 7 \
      --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 60 + 20)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
lm "$scratch/killed" "${short[@]}" --save-strategy steps --save-steps 7 --resume-if-any
same_weights "$scratch/whole" "$scratch/killed" "a resumed run has other weights"

# A line without a token is passed over, counted and keeps its place: in data, and where each line has an answer.
expect 0 "train: texts without a token to be told (passed over in training): 1, the first $scratch/train.txt:98" \
  "$thaw" data --task lm --model "$scratch/model" --train-file "$scratch/train.txt" --max-length 28
printf 'now 1 2\n\nnow 3 4\n \n' > "$scratch/gaps.txt"
for task in predict generate; do
  expect 0 "" "$thaw" $task --model "$scratch/run" --output-format jsonl --input-file "$scratch/gaps.txt"
  [ "$(wc -l < "$scratch/expect.out")" -ge 3 ] || die "$task: lines are missing: $(cat "$scratch/expect.out")"
  sed -n 3p "$scratch/expect.out" | grep -q '"now 3 4"' || die "$task: another place: $(cat "$scratch/expect.out")"
done
"$thaw" predict --model "$scratch/run" "$scratch/gaps.txt" > "$scratch/out" 2> "$scratch/log" || die "gaps"
[ "$(sed -n 3p "$scratch/out")" = $'\t0.0000\t0\t0\t' ] || die "an empty line: $(cat "$scratch/out")"
holds "$scratch/log" 'note: 2 texts have no token to be told, and no bits_per_byte; the first: .*gaps.txt:2$' "a note"
# A model that texts begin for begins one of its own there; without such a token nothing is written.
"$thaw" generate --model "$scratch/run" --output-format text --max-new-tokens 4 --document-tokens begin \
  --input-file "$scratch/gaps.txt" > "$scratch/begun" 2> "$scratch/log" || die "$(cat "$scratch/log")"
sed -n 2p "$scratch/begun" | grep -q . || die "no text is begun: $(cat "$scratch/begun")"
"$thaw" generate --model "$scratch/run" --output-format text --max-new-tokens 4 --document-tokens none \
  --input-file "$scratch/gaps.txt" > "$scratch/out" 2> "$scratch/log" || die "$(cat "$scratch/log")"
[ "$(wc -l < "$scratch/out")" = 4 ] && [ -z "$(sed -n 2p "$scratch/out")" ] || die "lines: $(cat "$scratch/out")"
holds "$scratch/log" 'note: 1 prompt has no token, and no text is written behind it; the first: .*gaps.txt:2$' "a note"

# Judged again, and text by text: bits and bytes are those of the whole.
"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/validation.txt" --output "$scratch/judged.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_results "$scratch/judged.json" "$scratch/run/eval_results.json" bits_per_byte "judged again"
holds "$scratch/log" '^the most wrong: how wrong, where; what it is; the text$' "the most wrong"
! grep -q ', said ' "$scratch/log" || die "what was said of a text: $(cat "$scratch/log")"
"$thaw" predict --model "$scratch/run" "$scratch/validation.txt" > "$scratch/out" || die "predict"
[ "$(head -n 1 "$scratch/out")" = $'bits_per_byte\tnats\ttokens\tbytes\ttext' ] || die "header"
awk -F '\t' -v bits="$bits" 'NR > 1 { nats += $2; bytes += $4; if ($4 != length($5)) exit 1 }
  END { d = nats / log(2) / bytes - bits; exit !(d * d < 1e-6) }' "$scratch/out" || die "scores: $(cat "$scratch/out")"
"$thaw" predict --model "$scratch/run" --output-format jsonl < "$scratch/validation.txt" | head -n 1 |
  grep -q '^{"text": "now 0 1 2 3", "bits_per_byte": [0-9.]*, "nats": [0-9.]*, "tokens": [0-9]*, "bytes": 11}$' ||
  die "JSONL"

# Where texts end is the model's to know: lines that were learnt as one text are judged as one.
printf 'now 1 2\nnow 3 4\n\nnow 5 6\n' > "$scratch/blank_line.txt"
finetune_quietly "$scratch/joined" --task lm --train-file "$scratch/blank_line.txt" --text-separator blank_line \
  --validation-file "$scratch/blank_line.txt" --max-steps 1
[ "$(result "$scratch/joined" eval examples)" = 2 ] || die "texts with a blank line between"
"$thaw" evaluate --model "$scratch/joined" --test-file "$scratch/blank_line.txt" --output "$scratch/judged.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_results "$scratch/judged.json" "$scratch/joined/eval_results.json" bits_per_byte "one text of lines, again"
[ "$("$thaw" predict --model "$scratch/joined" "$scratch/blank_line.txt" | wc -l)" = 3 ] || die "lines are one text"
# A training that begins there has data of its own.
"$thaw" finetune --model "$scratch/joined" --output-dir "$scratch/lines" --task lm \
  --train-file "$scratch/blank_line.txt" --max-steps 1 > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
holds "$scratch/log" 'passed over, the first .*blank_line.txt:3$' "lines are texts again"

# It goes on behind a prompt until a text ends, as one text or several.
expect 0 " 6 7 8" "$thaw" generate --model "$scratch/run" "now 3 4 5"
"$thaw" generate --model "$scratch/run" "now 3 4 5" "now 7 8" > "$scratch/two"
"$thaw" generate --model "$scratch/run" "now 7 8" > "$scratch/one"
[ "$(tail -n 1 "$scratch/two")" = "$(cat "$scratch/one")" ] || die "a text depends on another prompt"
printf 'now 3 4\nnow 1\n' > "$scratch/prompts.txt"
"$thaw" generate --model "$scratch/run" --input-file "$scratch/prompts.txt" --num-beams 3 --num-return-sequences 2 \
  > "$scratch/out" || die "beams"
[ "$(head -n 1 "$scratch/out")" = $'number\tscore\ttext\tprompt' ] || die "header of beams: $(cat "$scratch/out")"
[ "$(wc -l < "$scratch/out")" = 5 ] || die "beams: $(cat "$scratch/out")"
draw() { "$thaw" generate --model "$scratch/run" --do-sample --seed "$1" --input-file "$scratch/prompts.txt"; }
[ "$(draw 1)" = "$(draw 1)" ] || die "drawn texts differ"
rm "$scratch/run/thaw_task.json"  # as another program would have saved it
expect 0 "no end within 4 tokens" "$thaw" generate --model "$scratch/run" --max-new-tokens 4 "now 3 4 5 6"
long=$(seq 100 | tr '\n' ' ')
expect 1 "prompt:1: the prompt has " "$thaw" generate --model "$scratch/run" "$long"
expect 0 "" "$thaw" generate --model "$scratch/run" --truncate --max-new-tokens 4 "$long"
for option in --text-separator=line --stride=0 --mask-prompt=false --prompt-separator=x --max-length=9; do
  expect 2 "${option%%=*}" "$thaw" generate --model "$scratch/run" "$option" "now"
done
expect 2 "--source-column: no option of the task lm" "$thaw" generate --model "$scratch/run" --source-column a "now"

# Answers behind prompts: what is learnt is shown.
awk 'BEGIN { print "q\ta"; for (i = 0; i < 60; i++) print "after " i % 9 "\t" i % 9 + 1 }' > "$scratch/answers.tsv"
answers=(--task lm --train-file "$scratch/answers.tsv" --prompt-column q --text-column a)
finetune_quietly "$scratch/answers" "${answers[@]}" --num-train-epochs 100 \
  --validation-file "$scratch/answers.tsv"
# The answer alone is written, without the blank before it; token by token, or as a row.
[ "$("$thaw" generate --model "$scratch/answers" "after 4")" = 5 ] || die "an answer"
[ "$("$thaw" generate --model "$scratch/answers" "after 4" "after 6" | tr '\n' ' ')" = "5 7 " ] || die "two answers"
at_least "$(result "$scratch/answers" eval accuracy)" 0.95 "answers"
"$thaw" data --model "$scratch/model" "${answers[@]}" --show 1 > "$scratch/log" || die "data --show"
[ "$(grep -o '\*[^:]' "$scratch/log" | wc -l)" = 3 ] || die "an answer and its end: $(cat "$scratch/log")"
# Each has 9 signs and, around them, the tokenizer's begin and end.
"$thaw" data --model "$scratch/model" "${answers[@]}" > "$scratch/log" || die "data"
holds "$scratch/log" '^train *11 *11 *11 *660 ' "lengths"
"$thaw" data --model "$scratch/model" "${answers[@]}" --mask-prompt=false --show 1 > "$scratch/log"
[ "$(grep -o '\*[^:]' "$scratch/log" | wc -l)" = 10 ] || die "a prompt, too: $(cat "$scratch/log")"

# Parts of it, adapters, what a frozen part gives: as every task has them.
expect 0 "transformer.h.1" "$thaw" plan --task lm --model "$scratch/model" --train-file "$scratch/train.txt"
lm "$scratch/lora" --lora '' --max-steps 10
expect 0 "" "$thaw" generate --model "$scratch/lora" "now 3"
# Another task has other names for its modules: it takes up what is merged.
echo now > "$scratch/now.txt"
expect 1 "$scratch/lora: was trained by the task lm, and does not fit a model of the task embed; the model that" \
  "$thaw" embed --model "$scratch/lora" "$scratch/now.txt" --output "$scratch/now.npy"
expect 0 "read again" "$thaw" merge --model "$scratch/lora" --output-dir "$scratch/merged"
"$thaw" embed --model "$scratch/merged" "$scratch/now.txt" --output "$scratch/now.npy" > "$scratch/log" 2>&1 ||
  die "vectors of a merged language model: $(cat "$scratch/log")"
frozen=(--freeze 'transformer.{wte,wpe}.*' --freeze 'transformer.h.0.*' --max-steps 10)
lm "$scratch/frozen" "${frozen[@]}"
holds "$scratch/log" 'runs once for each of' "a frozen part is kept"
lm "$scratch/computed" "${frozen[@]}" --cache-memory 0
same_weights "$scratch/frozen" "$scratch/computed" "kept and computed"

# What cannot be meant.
bad() { expect "$1" "$2" "$thaw" finetune --task lm --model "$scratch/model" --output-dir "$scratch/none" "${@:3}"; }
printf '\n\n' > "$scratch/blank.txt"
printf 'q\ta\nwhat\tthis\nwhat\t\n' > "$scratch/empty.tsv"
bad 1 "blank.txt: none of its 2 texts has a token to be told" --train-file "$scratch/blank.txt"
bad 1 "empty.tsv:3: there is no text behind the prompt" --train-file "$scratch/empty.tsv" --prompt-column q \
  --text-column a
bad 1 "empty.tsv:2: no token of the text is left within 3 tokens" --train-file "$scratch/empty.tsv" --prompt-column q \
  --text-column a --max-length 3
bad 1 "empty.tsv:2: no token of the text is left within 3 tokens" --train-file "$scratch/empty.tsv" --prompt-column q \
  --text-column a --max-length 3 --mask-prompt=false
expect 0 "train: prompts that leave no token of a text (an error in training): 2, the first $scratch/empty.tsv:2" \
  "$thaw" data --task lm --model "$scratch/model" --train-file "$scratch/empty.tsv" --prompt-column q --text-column a \
  --max-length 3
bad 2 "--prompt-column" --train-file "$scratch/answers.tsv" --prompt-column a --text-column a
bad 2 "--stride 20: windows have 20 tokens" --train-file "$scratch/train.txt" --max-length 20 --stride 20
bad 2 "--mask-prompt: there is no --prompt-column" --train-file "$scratch/train.txt" --mask-prompt=false
bad 2 "--mask-prompt: there is no --prompt-column" --train-file "$scratch/train.txt" --mask-prompt
bad 2 "--stride" --train-file "$scratch/train.txt" --stride -1
bad 2 "--stride and --prompt-column: behind a prompt a text is cut" --train-file "$scratch/answers.tsv" \
  --prompt-column q --text-column a --stride 2
bad 2 "--prompt-separator: there is no --prompt-column" --train-file "$scratch/train.txt" --prompt-separator :
bad 2 "--text-separator blank_line: $scratch/answers.tsv is a table" --train-file "$scratch/answers.tsv" \
  --text-column a --text-separator blank_line
bad 2 "--document-tokens" --train-file "$scratch/train.txt" --document-tokens some
rm -r "$scratch/model"
small_model
expect 1 'has no head for what comes next' "$thaw" finetune --task lm --model "$scratch/model" \
  --output-dir "$scratch/none" --train-file "$scratch/train.txt"
echo "lm: learnt, resumed, judged, continued"
