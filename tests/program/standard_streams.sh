#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Output that cannot be written is an error of every command, and stops no training; closed streams harm no file.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 40 1
tail -n +2 "$scratch/train.tsv" | cut -f1 > "$scratch/texts.txt"
cp "$scratch/texts.txt" "$scratch/many.txt"
for _ in 1 2 3 4 5; do
  cat "$scratch/many.txt" "$scratch/many.txt" > "$scratch/twice"
  mv "$scratch/twice" "$scratch/many.txt"
done
full() { "$@" > /dev/full; }
closed() { "$@" >&-; }
predict() { "$thaw" predict --model "$scratch/model" "$@"; }
train() {
  "$thaw" finetune --model "$scratch/model" --train-file "$scratch/train.tsv" --max-steps 3 --batch-size 8 \
    --logging-steps 1 --save-strategy no --output-dir "$@"
}

for arguments in "predict --model $scratch/model $scratch/texts.txt" \
  "predict --model $scratch/model $scratch/texts.txt --output-format jsonl" \
  "data --train-file $scratch/train.tsv" "plan --model $scratch/model" \
  "inspect $scratch/model" "inspect $scratch/model --names-only" devices --help "predict --help" --version; do
  # shellcheck disable=SC2086
  expect 1 "thaw: standard output: cannot be written: No space left on device" full "$thaw" $arguments
  # shellcheck disable=SC2086
  expect 1 "thaw: standard output: cannot be written: Bad file descriptor" closed "$thaw" $arguments
done
expect 1 "thaw-data: standard output: cannot be written: No space left" \
  full "$(dirname "$thaw")/../data/thaw-data" --help
# The command's own error is the one that is told.
expect 1 "no/such" full "$thaw" predict --model no/such

# Input without end is not read on when its answers cannot be written.
status=0
yes word6 | predict > /dev/full 2> "$scratch/log" || status=${PIPESTATUS[1]}
[ $status = 1 ] || die "predict > /dev/full: status $status: $(cat "$scratch/log")"
# A limit on the size of files is an error, too; the thread sanitizer's own files do not survive it.
if [ "${THAW_SANITIZER:-}" = thread ]; then
  echo "left out: a limit on the size of files, under the thread sanitizer"
else
  if (ulimit -f 8; predict "$scratch/many.txt" > "$scratch/cut" 2> "$scratch/log"); then
    die "predict beyond the limit succeeded"
  fi
  holds "$scratch/log" '^thaw: standard output: cannot be written: File too large$' "beyond the limit"
fi
# A reader that has enough ends the program quietly; a slow one is waited for, even by a stream that does not block.
status=0
predict "$scratch/many.txt" 2> "$scratch/log" | head -n 1 > /dev/null || status=${PIPESTATUS[0]}
[ ! -s "$scratch/log" ] || die "a closed pipe: $(cat "$scratch/log")"
[ $status = 0 ] || [ $status = 141 ] || die "a closed pipe: status $status"
rows=$(perl -e 'use Fcntl; fcntl(STDOUT, F_SETFL, O_NONBLOCK | fcntl(STDOUT, F_GETFL, 0)) or die; exec @ARGV' \
  "$thaw" predict --model "$scratch/model" "$scratch/many.txt" --batch-size 1280 | { sleep 1; wc -l; })
[ "$rows" = $(($(wc -l < "$scratch/many.txt") + 1)) ] || die "a pipe that does not block: $rows lines"
# A closed standard input is no empty one.
status=0
predict <&- > "$scratch/out" 2> "$scratch/log" || status=$?
[ $status = 1 ] || die "a closed standard input: status $status: $(cat "$scratch/log")"
holds "$scratch/log" 'standard input: cannot be read' "a closed standard input"
# An error that nobody can read is an error still.
status=0
"$thaw" predict --model no/such 2> /dev/full || status=$?
[ $status = 1 ] || die "an error > /dev/full: status $status"

# The model is trained and saved, whatever becomes of the streams.
train "$scratch/run" > "$scratch/log" 2>&1 || die "the training failed: $(cat "$scratch/log")"
expect_saved() {  # STATUS NAME: of the training that just ended with $status
  [ $status = "$1" ] || die "$2: status $status instead of $1"
  same_weights "$scratch/run" "$scratch/$2" "$2: the model was lost"
  [ -f "$scratch/$2/train_results.json" ] || die "$2: the results were lost"
  if grep -aq 'tokens/s' "$scratch/$2"/*; then die "$2: progress is in $(grep -al 'tokens/s' "$scratch/$2"/*)"; fi
}
status=0; train "$scratch/full" > /dev/full 2> "$scratch/log" || status=$?
expect_saved 1 full
[ "$(tail -n 1 "$scratch/log")" = "thaw: standard output: cannot be written: No space left on device" ] ||
  die "full: $(cat "$scratch/log")"
status=0; train "$scratch/errors_full" > /dev/null 2> /dev/full || status=$?
expect_saved 0 errors_full
status=0; train "$scratch/errors_closed" > /dev/null 2>&- || status=$?
expect_saved 0 errors_closed
status=0; train "$scratch/both_closed" 2>&- >&- || status=$?
expect_saved 1 both_closed
status=0; train "$scratch/all_closed" <&- 2>&- >&- || status=$?
expect_saved 1 all_closed
# The output, then the progress goes to a reader that has gone.
status=0; train "$scratch/no_listener" 2> "$scratch/log" | true || status=${PIPESTATUS[0]}
expect_saved 1 no_listener
[ "$(tail -n 1 "$scratch/log")" = "thaw: standard output: cannot be written: Broken pipe" ] ||
  die "no listener: $(cat "$scratch/log")"
mkfifo "$scratch/pipe"
head -n 1 < "$scratch/pipe" > /dev/null &
status=0; train "$scratch/no_reader" > /dev/null 2> "$scratch/pipe" || status=$?
expect_saved 0 no_reader
echo "standard streams: what cannot be written is told, and nothing is lost"
