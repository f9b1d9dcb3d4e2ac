#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A run from its own file of options gives the same bits; files that cannot be meant are told in one line.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 48 1
small_data "$scratch/validation.tsv" 16 2

# again NAME OPTIONS...: a run with these options, and one from the file that it wrote, have the same weights.
again() {
  local name=$1
  shift
  (cd "$scratch" && "$thaw" finetune --model model --train-file train.tsv --output-dir "$name" "$@" > log 2>&1) ||
    die "$name: $(cat "$scratch/log")"
  (cd "$scratch" && "$thaw" finetune --config "$name/options.txt" --output-dir "$name.again" > log 2>&1) ||
    die "$name again: $(cat "$scratch/log")"
  same_weights "$scratch/$name" "$scratch/$name.again" "$name: another model from its own options"
  cmp -s "$scratch/$name/options.txt" "$scratch/$name.again/options.txt" || die "$name: other options"
}

again plain --max-steps 4 --learning-rate 3e-3
again rules --num-train-epochs 1 --batch-size 8 --seed 7 --freeze 'bert.*' --train 'bert.encoder.*' \
  --freeze '*.layer.0.*' --lr 'classifier.*=1e-2' --lr '*LayerNorm*=1e-3' --layer-decay 0.9 --learning-rate 3e-3
again best --validation-file validation.tsv --num_train_epochs 2 --optim sgd --momentum 0.9 --learning-rate 0.1 \
  --load-best-model-at-end --metric-for-best-model eval_accuracy --gradient-accumulation-steps 2 --batch-size 4 \
  --gradient-checkpointing --warmup-ratio 0.1 --lr-scheduler-type cosine
printf 'low\t1\nhigh\t3\n' > "$scratch/weights.tsv"
again weighed --max-steps 4 --learning-rate 3e-3 --class-weights weights.tsv --label-smoothing 0.1
! cmp -s "$scratch/plain/model.safetensors" "$scratch/weighed/model.safetensors" || die "weights changed nothing"
holds "$scratch/best/curves.svg" '>accuracy</text>' "curves"
! cmp -s "$scratch/plain/model.safetensors" "$scratch/rules/model.safetensors" || die "one model of two runs"

# The file does not say where to write; plan takes it; the command line has the last word; a run goes on with it.
cd "$scratch"
expect 2 "--output-dir is required" "$thaw" finetune --config plain/options.txt
expect 0 "5 in all" "$thaw" plan --config plain/options.txt --max-steps 5
expect 0 "finished before" "$thaw" finetune --config plain/options.txt --output-dir plain --resume-if-any
expect 0 "trained 6 steps" "$thaw" finetune --config plain/options.txt --output-dir longer --max-steps 6 --save-steps 3
holds longer/options.txt '^max-steps = 6$' "options of a run that changed some"

bad() {  # TEXT MESSAGE
  printf "$1" > bad.txt
  expect 1 "thaw: bad.txt:$2" "$thaw" finetune --config bad.txt --output-dir none --train-file train.tsv
  [ ! -e none ] || die "something was written"
}
bad 'model = model\nlearnig-rate = 1\n' '2: learnig-rate: not known; near: learning-rate'
bad 'model = model\nmomentum = 0.9\n' '2: momentum: no option of --optim adamw'
bad 'model = model\ntask = mlm\nlabel-column = label\n' '3: label-column: no option of the task mlm'
bad 'model = model\nmax-steps = some' '2: max-steps: a whole number of at least -1 was expected, not "some"'
bad 'model = model\nmetric-for-best-model = f1' '2: metric-for-best-model f1: the evaluation gives accuracy, loss'
bad 'model = model\n\nmodel = other' '3: model: given before, in line 1'
bad 'model: model' '1: KEY = VALUE was expected'
bad 'config = other.txt' '1: config: an option of the command line alone'
expect 1 "no/such: no such file" "$thaw" plan --config no/such
expect 1 "thaw: model: is a directory" "$thaw" plan --config model
expect 2 "--config: given twice" "$thaw" plan --config plain/options.txt --config plain/options.txt
printf 'model = model\ntrain-file = train.tsv\nfreeze = nosuch*\n' > rules.txt
expect 1 'thaw: rules.txt:3: "freeze nosuch*" matches no parameter' "$thaw" plan --config rules.txt
printf 'model = model\ntrain-file = train.tsv\nlr = nosuch*=1e-3\n' > rules.txt
expect 1 'thaw: rules.txt:3: --lr nosuch*=0.001 matches no parameter' "$thaw" plan --config rules.txt
expect 2 "--config: a value is missing" "$thaw" plan --config
expect 2 "--config: not known" "$thaw" predict --config plain/options.txt
echo "option files: the same runs, and bad ones told"
