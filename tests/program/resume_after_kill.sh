#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at random moments of a training, then the same command with --resume: the final weights are those of an
# undisturbed run, bit for bit.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 600 1
small_data "$scratch/validation.tsv" 60 2

# Takes the shell's place when it runs in the background (`launch`), so that $! is the program itself.
finetune() { launch "$@" & wait $!; }
launch() {  # OUTPUT_DIR [OPTIONS]
  local out=$1
  shift
  trap - EXIT
  exec "$thaw" finetune --model "$scratch/model" --train-file "$scratch/train.tsv" \
    --validation-file "$scratch/validation.tsv" --batch-size 4 --max-steps 300 --save-strategy steps --save-steps 20 \
    --eval-strategy steps --eval-steps 50 --learning-rate 1e-3 --output-dir "$out" "$@"
}

finetune "$scratch/undisturbed" 2> "$scratch/log" > "$scratch/out" ||
  die "the undisturbed run failed: $(cat "$scratch/log")"
as_undisturbed() { same_weights "$scratch/undisturbed" "$scratch/$1" "$2 the weights differ"; }

kills=0
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  launch "$scratch/killed" --resume-if-any > "$scratch/log" 2>&1 &
  pid=$!
  sleep "$(printf 0.%02d $((RANDOM % 30 + 5)))"
  if kill -9 $pid 2>/dev/null; then kills=$((kills + 1)); fi
  wait $pid 2>/dev/null || true
done
finetune "$scratch/killed" --resume-if-any > "$scratch/log" 2>&1 || die "the resumed run failed: $(cat "$scratch/log")"
as_undisturbed killed "after $kills kills"
picture() { sed "s/$1/run/" "$scratch/$1/curves.svg"; }
[ "$(picture killed)" = "$(picture undisturbed)" ] || die "after $kills kills the curves differ"
[ "$(ls -d "$scratch"/killed/checkpoint-* | wc -l)" -le 3 ] || die "old checkpoints were not removed"
[ $kills -gt 0 ] || die "no run was killed"

# SIGTERM, SIGINT: the step is finished, a checkpoint written, the exit status that of a program which the signal ended,
# and a line says how to go on.
for stop in TERM:143 INT:130; do
  signal=${stop%:*} status=0
  rm -rf "$scratch/log" "$scratch/stopped"
  launch "$scratch/stopped" --logging-steps 1 > "$scratch/log" 2>&1 &
  pid=$!
  until grep -qs '^step' "$scratch/log"; do
    kill -0 $pid 2>/dev/null || die "ended early: $(cat "$scratch/log")"
    sleep 0.05
  done
  kill -$signal $pid
  wait $pid || status=$?
  [ $status = ${stop#*:} ] || die "status $status after SIG$signal: $(cat "$scratch/log")"
  grep -q -- '--resume' "$scratch/log" || die "no line on how to resume: $(cat "$scratch/log")"
  ls -d "$scratch"/stopped/checkpoint-* > /dev/null || die "no checkpoint after SIG$signal"
  finetune "$scratch/stopped" --resume > "$scratch/log" 2>&1 || die "the resumed run failed: $(cat "$scratch/log")"
  as_undisturbed stopped "after SIG$signal"
done

# A damaged newest checkpoint: the one before is used, with a warning.
newest=$(ls -d "$scratch"/stopped/checkpoint-* | sort -t- -k2 -n | tail -n 1)
rm "$scratch/stopped/model.safetensors"
printf 'X' | dd of="$newest/model.safetensors" bs=1 seek=5000 conv=notrunc status=none
finetune "$scratch/stopped" --resume > "$scratch/log" 2>&1 || die "did not fall back: $(cat "$scratch/log")"
grep -q 'damaged' "$scratch/log" || die "no warning of the damaged checkpoint: $(cat "$scratch/log")"
as_undisturbed stopped "after the fall-back"

# Another recipe is not a continuation.
expect 1 "other options" finetune "$scratch/stopped" --resume --learning-rate 2e-3
expect 1 "optim was adamw, is sgd" finetune "$scratch/stopped" --resume --optim sgd
expect 1 "parameter_rules was none, is --layer-decay 0.9" finetune "$scratch/stopped" --resume --layer-decay 0.9

# Each optimizer goes on with the bits of an undisturbed run, rates by name and all.
for optim in "sgd --momentum 0.9" adafactor; do
  rm -rf "$scratch/a" "$scratch/b"
  rated() {
    finetune "$@" --optim $optim --layer-decay 0.8 --lr 'classifier.*=1e-2' --lr-scheduler-type constant \
      > "$scratch/log" 2>&1 || die "$optim: $(cat "$scratch/log")"
  }
  rated "$scratch/a" --max-steps 40
  rated "$scratch/b" --max-steps 20
  rated "$scratch/b" --max-steps 40 --resume
  same_weights "$scratch/a" "$scratch/b" "$optim: the resumed run's weights differ"
done
echo "resumed after $kills kills: identical"
