#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Ctrl-C stops a script of the examples together with the training that runs, which is saved; so does a training that is
# stopped alone.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 200 1

cat > "$scratch/experiment.sh" <<SCRIPT
set -eu -o pipefail
. "$source_dir/examples/stop.sh"
PATH=$(dirname "$thaw"):\$PATH
for name in first second; do
  thaw_finetune --model "$scratch/model" --train-file "$scratch/train.tsv" --batch-size 4 --logging-steps 1 \
    --save-strategy no --output_dir "$scratch/\$name" "\$@"
done
echo "all done"
SCRIPT

# Until the script whose process is $pid trains.
wait_for_a_step() {
  until grep -qs '^step' "$scratch/log"; do
    kill -0 $pid 2>/dev/null || die "ended early: $(cat "$scratch/log")"
    sleep 0.05
  done
}
# Starts the script in a process group of its own, as a terminal does, and waits until it trains.
begin() {
  rm -rf "$scratch/first" "$scratch/second" "$scratch/log"
  set -m
  bash "$scratch/experiment.sh" --max-steps 100000 > "$scratch/log" 2>&1 &
  pid=$!
  set +m
  wait_for_a_step
}
# must_stop STATUS: the script has ended with that of a stopped one, the first run is saved and the second never began.
must_stop() {
  local status=0 watch
  (sleep 300; kill -KILL -- -$pid) > /dev/null 2>&1 &  # a signal that was lost would be waited for without end
  watch=$!
  wait $pid || status=$?
  kill $watch
  [ $status = $1 ] || die "status $status instead of $1: $(tail -n 3 "$scratch/log")"
  holds "$scratch/log" 'experiment.sh: stopped' "a script that was stopped"
  ls -d "$scratch"/first/checkpoint-* > /dev/null || die "the run that was stopped left no checkpoint"
  [ ! -e "$scratch/second" ] || die "the script went on with the next run"
}

begin
kill -INT -- -$pid
must_stop 130
begin
kill -TERM "$(cut -d' ' -f1 "/proc/$pid/task/$pid/children")"
must_stop 143
# A terminal that was closed; nohup says that this is to be nothing.
if [ -n "$(trap -p HUP)" ]; then
  echo "left out: the end of a terminal, which these tests were told to ignore"
else
  begin
  kill -HUP "$(cut -d' ' -f1 "/proc/$pid/task/$pid/children")"
  must_stop 129
fi
rm -rf "$scratch/first" "$scratch/second" "$scratch/log"
(
  trap '' HUP
  bash "$scratch/experiment.sh" --max-steps 200 > "$scratch/log" 2>&1 &
  pid=$!
  wait_for_a_step
  kill -HUP "$(cut -d' ' -f1 "/proc/$pid/task/$pid/children")"
  wait $pid
) || die "a run under nohup was stopped by a hang-up: $(tail -n 3 "$scratch/log")"
[ "$(tail -n 1 "$scratch/log")" = "all done" ] || die "a run under nohup did not end: $(tail -n 3 "$scratch/log")"

# Undisturbed, it runs to its end; what is finished is not repeated.
rm -rf "$scratch/first" "$scratch/second"
for again in 1 2; do
  bash "$scratch/experiment.sh" --max-steps 2 > "$scratch/log" 2>&1 ||
    die "an undisturbed script failed: $(cat "$scratch/log")"
  [ "$(tail -n 1 "$scratch/log")" = "all done" ] || die "an undisturbed script did not end: $(cat "$scratch/log")"
done
grep -q 'second: finished before' "$scratch/log" || die "a finished run was repeated: $(cat "$scratch/log")"

# Each script trains by this function alone.
if grep -nE '^[^#]*thaw finetune' "$source_dir"/examples/*.sh | grep -v '/stop.sh:'; then
  die "a script that Ctrl-C does not stop"
fi
echo "scripts: stopped with their training"
