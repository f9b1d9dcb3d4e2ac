#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Several plans over several seeds in one table; finished runs are not run again, a failing one is named, a signal ends
# the run under way.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 60 1
small_data "$scratch/test.tsv" 30 2
cat > "$scratch/plans.txt" << 'END'
head --freeze 'bert.*'  # what is on top
lora --lora 'r=2 alpha=4' --learning-rate 1e-3
END
comparison=("$thaw" compare --plans "$scratch/plans.txt" --output-dir "$scratch/runs" --model "$scratch/model"
  --train-file "$scratch/train.tsv" --test-file "$scratch/test.tsv" --max-steps 10 --seeds 2)
compare() { "${comparison[@]}" "$@"; }
compare > "$scratch/table" 2> "$scratch/log" || die "$(cat "$scratch/log")"
[ "$(wc -l < "$scratch/table")" = 3 ] || die "no line a plan: $(cat "$scratch/table")"
holds "$scratch/table" '^plan *per mille *accuracy *seconds *peak MB *TFLOP *saved$' "the head of the table"
holds "$scratch/table" '^head ' "the first plan"
holds "$scratch/table" '^lora .* ([0-9.]*-[0-9.]*) ' "the spread"
[ "$(grep -c ', seed 4[23]: accuracy' "$scratch/log")" = 4 ] || die "no line a run: $(cat "$scratch/log")"
grep -q '<svg' "$scratch/runs/compare.svg" || die "no picture"
for run in head lora; do
  [ -e "$scratch/runs/$run/seed-43/thaw_change.safetensors" ] || die "$run: nothing was saved"
  [ ! -e "$scratch/runs/$run/seed-43/model.safetensors" ] || die "$run: the whole model was saved"
done

# Once more: the same, without a step.
before=$(stat -c %Y "$scratch/runs/head/seed-42/train_results.json")
sleep 1
compare > "$scratch/again" 2> /dev/null
cmp -s "$scratch/table" "$scratch/again" || die "another table: $(cat "$scratch/again")"
[ "$before" = "$(stat -c %Y "$scratch/runs/head/seed-42/train_results.json")" ] || die "a finished run was run again"

# What is wrong is one line that names plan and log.
echo "good --freeze 'bert.*'" > "$scratch/plans.txt"
echo "nothing --freeze 'no.such.*'" >> "$scratch/plans.txt"
expect 1 "plans.txt:2: plan nothing: \"freeze no.such.*\" matches no parameter" compare
[ ! -e "$scratch/runs/good" ] || die "something of a plan was written though another one cannot be run"
echo "metric --freeze 'bert.*'" > "$scratch/plans.txt"
expect 1 "plan metric: --metric-for-best-model foo: the evaluation gives" compare --metric foo
echo "open --freeze 'bert.*" > "$scratch/plans.txt"
expect 1 "plans.txt:1: a quote is not closed" compare

# A plan of no options of its own, and empty values.
printf '%s\n' all "lora --lora ''" 'dora --lora="r=2 dora" # and a "#", commented' > "$scratch/plans.txt"
expect 0 "all " "${comparison[@]/%runs/few}" --max-steps 2 --seeds 1
for plan in all lora dora; do holds "$scratch/expect.out" "^$plan " "the plan"; done

# A signal ends the run under way, with a checkpoint, and then the comparison.
echo "long --freeze 'bert.*' --max-steps 1000000 --logging-steps 1" > "$scratch/plans.txt"
(trap - EXIT && exec "${comparison[@]}") > "$scratch/out" 2>&1 &
compared=$!
until grep -qs '^step' "$scratch/runs/long/seed-42.log"; do
  kill -0 $compared 2> /dev/null || die "ended early: $(cat "$scratch/out")"
  sleep 0.05
done
kill -s TERM $compared
status=0
wait $compared || status=$?
[ $status = 143 ] || die "status $status after SIGTERM: $(cat "$scratch/out")"
ls -d "$scratch"/runs/long/seed-42/checkpoint-* > /dev/null || die "no checkpoint after SIGTERM"
echo "compare: a table and a picture, again without a step, errors named, ended by a signal"
