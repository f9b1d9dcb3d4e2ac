#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Schedules of freezing: what plan and finetune tell of each stage, stops and resumed runs, another schedule, errors.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 96 1

finetune() {  # OUTPUT_DIR [OPTIONS]: 6 steps an epoch
  local out=$1
  shift
  "$thaw" finetune --model "$scratch/model" --train-file "$scratch/train.tsv" --batch-size 16 --num-train-epochs 3 \
    --save-strategy steps --save-steps 1 --save-total-limit 0 --weight-decay 0.1 --learning-rate 3e-3 \
    --output-dir "$out" "$@" > "$scratch/log" 2>&1
}
succeeds() { finetune "$@" || die "finetune $*: $(cat "$scratch/log")"; }
# resumes_as RUN STEP OPTIONS: all that a run killed after that step has left, gone on with.
resumes_as() {
  local run=$1 step=$2
  shift 2
  rm -rf "$scratch/killed"
  mkdir "$scratch/killed"
  cp -r "$scratch/$run/checkpoint-$step" "$scratch/killed/"
  succeeds "$scratch/killed" --resume "$@"
}

cat > "$scratch/mask" <<END
freeze *
train classifier.*
from epoch 1
train bert.pooler.*
from epoch 2  # the pooler is done
freeze bert.pooler.*
train bert.encoder.*
END
succeeds "$scratch/mask-run" --mask-file "$scratch/mask"
holds "$scratch/log" '^from the start: trained: [0-9]* of [0-9]* parameters$' "the first stage"
holds "$scratch/log" '^from epoch 2: trained: [0-9]* of [0-9]* parameters$' "the last stage"
holds "$scratch/log" '^after step 6: trained from here on: [0-9]* of [0-9]* parameters$' "a change"
holds "$scratch/log" '^after step 12: trained from here on: [0-9]* of [0-9]* parameters$' "a change"
for step in 3 6 9 12 15; do
  resumes_as mask-run $step --mask-file "$scratch/mask"
  same_weights "$scratch/killed" "$scratch/mask-run" "resumed after step $step, the weights differ"
done

succeeds "$scratch/gradual" --unfreeze-every 4 --freeze 'bert.embeddings.*'
holds "$scratch/log" '^from step 4: trained: ' "gradual unfreezing"
for step in 2 4 7; do
  resumes_as gradual $step --unfreeze-every 4 --freeze 'bert.embeddings.*'
  same_weights "$scratch/killed" "$scratch/gradual" "gradual, resumed after step $step, the weights differ"
done

succeeds "$scratch/gradual" --resume-if-any --unfreeze-every 4 --freeze 'bert.embeddings.*'
holds "$scratch/log" 'finished before' "a finished run"
holds "$scratch/gradual/options.txt" '^unfreeze-every = 4$' "the options"

# Unfreezing when validation stalls: a rate so small that nothing gets better, and the metric does not move.
small_data "$scratch/validation.tsv" 30 2
stalling=(--unfreeze-every stall --validation-file "$scratch/validation.tsv" --freeze 'bert.embeddings.*'
  --eval-strategy steps --eval-steps 2 --metric-for-best-model accuracy --learning-rate 1e-9)
succeeds "$scratch/stalling" "${stalling[@]}"
holds "$scratch/log" '^from stall 1: trained: ' "what waits for validation"
holds "$scratch/log" '^validation stalled after step 4$' "the first stall"
holds "$scratch/log" '^after step 4: trained from here on: ' "what is unfrozen then"
for step in 3 4 6 8; do
  resumes_as stalling $step "${stalling[@]}"
  same_weights "$scratch/killed" "$scratch/stalling" "stalling, resumed after step $step, the weights differ"
done
expect 2 "unfreezing when validation stalls: needs validation data" "$thaw" finetune --model "$scratch/model" \
  --train-file "$scratch/train.tsv" --output-dir "$scratch/none" --unfreeze-every stall
"$thaw" plan --model "$scratch/model" --train-file "$scratch/train.tsv" --validation-file "$scratch/validation.tsv" \
  --unfreeze-every stall > "$scratch/plan" 2> /dev/null || die "plan of stalls"
holds "$scratch/plan" 'in all, at most [0-9.]* TFLOP$' "a bound where validation decides"

# A rate of a rule is that of --lr, which has the last word.
for rate in "--rule;lr classifier.* 1e-2" "--lr;classifier.*=1e-2" "--rule;lr classifier.* 5;--lr;classifier.*=1e-2"; do
  IFS=';' read -r -a options <<< "$rate"
  rm -rf "$scratch/rate"
  succeeds "$scratch/rate" "${options[@]}"
  [ -d "$scratch/rated" ] || mv "$scratch/rate" "$scratch/rated"
  [ ! -d "$scratch/rate" ] || same_weights "$scratch/rated" "$scratch/rate" "$rate: other weights"
done

# Another schedule is refused, naming both, unless it is asked for.
cp -r "$scratch/mask-run/checkpoint-3" "$scratch/saved"
rm -rf "$scratch/killed"; mkdir "$scratch/killed"; cp -r "$scratch/saved" "$scratch/killed/checkpoint-3"
! finetune "$scratch/killed" --resume --unfreeze-every 4 || die "another schedule was gone on with"
holds "$scratch/log" 'freezing was freeze \*; train classifier.\*; from epoch 1; .*is unfreeze every 4 steps' \
  "the difference"
succeeds "$scratch/killed" --resume --unfreeze-every 4 --other-plan
holds "$scratch/log" '^another part is trained than before: of [0-9]* tensors 2 keep their moments, [0-9]* begin' \
  "another plan"

# So are other numbers in a file of masks, though its name is the same, and its time has not come.
masks() {
  "$thaw" mask --model "$scratch/model" --train-file "$scratch/train.tsv" --freeze '*.bias' --train 'classifier.*' \
    --by magnitude --output "$scratch/masks.safetensors" "$@" > /dev/null 2> "$scratch/log" ||
    die "$(cat "$scratch/log")"
}
printf 'freeze *\ntrain classifier.*\nfrom step 3\ntrain * mask %s\n' "$scratch/masks.safetensors" > "$scratch/late"
masks --keep 0.01
succeeds "$scratch/masked" --mask-file "$scratch/late"
for step in 2 4; do
  resumes_as masked $step --mask-file "$scratch/late"
  same_weights "$scratch/killed" "$scratch/masked" "with a mask, resumed after step $step, the weights differ"
done
masks --keep 0.25
for step in 2 4; do
  rm -rf "$scratch/killed"; mkdir "$scratch/killed"; cp -r "$scratch/masked/checkpoint-$step" "$scratch/killed/"
  ! finetune "$scratch/killed" --resume --mask-file "$scratch/late" || die "another mask was gone on with"
  holds "$scratch/log" 'freezing was .*masks.safetensors (checksum .*is .*masks.safetensors (checksum' "the difference"
done
succeeds "$scratch/killed" --resume --mask-file "$scratch/late" --other-plan

# plan: each stage; the one that needs most decides.
plan() { "$thaw" plan --model "$scratch/model" --train-file "$scratch/train.tsv" --batch-size 16 "$@"; }
plan --mask-file "$scratch/mask" > "$scratch/plan" 2> /dev/null || die "plan"
for stage in 'from the start' 'from epoch 1' 'from epoch 2'; do
  holds "$scratch/plan" "^$stage *[1-9][0-9]* *[1-9][0-9]* *[0-9.]* *[0-9.]*\$" "a stage of the plan"
done
holds "$scratch/plan" '^the stage that needs most memory, from epoch 2:$' "the largest stage"
most() { sed -n 's/^the most at once, about *\([0-9.]*\)$/\1/p'; }
at_least "$(most < "$scratch/plan")" "$(plan --freeze '*' --train '{classifier,bert.encoder}.*' 2> /dev/null | most)" \
  "the memory of the largest stage"
plan --mask-file "$scratch/mask" --num-train-epochs 1 2>&1 > /dev/null | grep -q \
  '^warning: what is to be trained from epoch 1 on never is: the training ends after 6 steps$' || die "a late stage"

# Errors.
expect 1 "--unfreeze-every: $scratch/mask says already when what is trained" plan --mask-file "$scratch/mask" \
  --unfreeze-every 4
for word in 0 x -1 1.5; do
  expect 2 "expected \"epoch\", \"stall\" or a number of steps" plan --unfreeze-every $word
done
expect 2 "--other-plan requires --resume" "$thaw" finetune --model "$scratch/model" --train-file "$scratch/train.tsv" \
  --output-dir "$scratch/none" --other-plan
printf 'freeze *\ntrain classifier.*\nfrom epoch 1\nlora\n' > "$scratch/late"
expect 1 "$scratch/late:4: \"lora r=8\": adapters are put on from the start, not later" plan --mask-file "$scratch/late"
printf 'from epoch 1\nfreeze *\n' > "$scratch/nothing"
expect 1 "from epoch 1 on, every parameter is frozen: there is nothing to train" plan --mask-file "$scratch/nothing"
