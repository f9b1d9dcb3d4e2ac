#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The commands that look and train nothing: inspect, plan, data, devices, and the help that teaches.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 100 1

# inspect: a directory, a file, a pattern, numbers that are not finite, shards.
"$thaw" inspect "$scratch/model" > "$scratch/all" || die "inspect"
grep -q '^classifier.weight *F32 *\[[0-9]*, [0-9]*\]' "$scratch/all" || die "inspect: $(cat "$scratch/all")"
"$thaw" inspect "$scratch/model/model.safetensors" | cmp -s - "$scratch/all" ||
  die "inspect: a file and its directory differ"
[ "$("$thaw" inspect "$scratch/model" --pattern 'classifier.*' --names-only | wc -l)" = 4 ] || die "inspect --pattern"
header='{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}  '
printf '\x38\0\0\0\0\0\0\0%s ' "$header" | head -c 64 > "$scratch/odd.safetensors"
printf '\0\0\200\077\0\0\0\100\0\0\300\177\0\0\200\377' >> "$scratch/odd.safetensors"
"$thaw" inspect "$scratch/odd.safetensors" > "$scratch/odd" || die "inspect: numbers that are not finite"
holds "$scratch/odd" '^w *F32 *\[4\] *1 *2 *1.5 *0.5 *2$' "inspect"
expect 1 "none of the" "$thaw" inspect "$scratch/model" --pattern nothing
expect 1 "no/such" "$thaw" inspect no/such

# plan: what is frozen is not counted as trained, and saves; nothing is written.
plan() { "$thaw" plan --model "$scratch/model" --train-file "$scratch/train.tsv" "$@"; }
plan > "$scratch/plan" || die "plan"
grep -q '^freezing saves 0.0 %' "$scratch/plan" || die "plan: $(cat "$scratch/plan")"
saved() { sed -n 's/^freezing saves \([0-9.]*\) %.*/\1/p'; }
at_least "$(plan --freeze 'bert.*' | saved)" 60 "what freezing all but the head saves"
plan --freeze 'bert.*' | grep -q '^bert.encoder.layer.0 *0 *[1-9]' || die "plan: a frozen layer"
plan --freeze 'bert.*' --output-dir "$scratch/run" --num-train-epochs 2 > "$scratch/plan" || die "plan"
holds "$scratch/plan" '4 steps an epoch, 8 in all' "plan"
[ ! -e "$scratch/run" ] || die "plan wrote something"
activations() { sed -n 's/^activations.*about *\([0-9.]*\)$/\1/p'; }
at_least "$(plan | activations)" "$(plan --gradient-checkpointing | activations)" "activations without checkpointing"
optimizer() { plan --optim "$@" | sed -n "s/^optimizer ($1)  *\([0-9.]*\)$/\1/p"; }
[ "$(optimizer sgd)" = 0.0 ] || die "the state of SGD"
at_least "$(optimizer adamw)" "$(optimizer sgd --momentum 0.9)" "AdamW's state beside that of SGD with momentum"
at_least "$(optimizer sgd --momentum 0.9)" "$(optimizer adafactor)" "a momentum beside the state of Adafactor"
"$thaw" plan --model "$scratch/model" > /dev/null || die "plan without data"
plan --kernels --freeze 'bert.*' --train 'bert.pooler.*' > "$scratch/kernels" || die "plan --kernels"
holds "$scratch/kernels" '^matmul  *[1-9][0-9]*\(  *[0-9.]\+\)\{3\}  \[[0-9]*, [0-9]*\] \[[0-9]*, [0-9]*\]' "kernels"
grep -q '^adamw  *1 ' "$scratch/kernels" || die "kernels: no optimizer"
! plan | grep -q '^matmul' || die "kernels that nobody asked for"
# What only counts is no place to train.
! "$thaw" devices | grep -q '^dry' || die "devices lists dry"
expect 1 "device 'dry' is not known; there are: " env THAW_DEVICE=dry "$thaw" finetune --model "$scratch/model" \
  --train-file "$scratch/train.tsv" --output-dir "$scratch/none"
expect 1 "device 'dry' is not known; there are: " "$thaw" predict --model "$scratch/model" --device dry < /dev/null
expect 1 "near" plan --freeze 'bert.encodr.*'

# data: each thing that is odd, once.
data() { "$thaw" data --model "$scratch/model" --train-file "$scratch/train.tsv" "$@"; }
data > "$scratch/report" || die "data"
grep -q '^0 warnings$' "$scratch/report" || die "data: $(cat "$scratch/report")"
{
  printf 'text\tlabel\n'
  sed -n 3p "$scratch/train.tsv"
  printf 'word9 word8\tlow\nword9 word8\thigh\n \tlow\nstrange words here\tother\n'
  printf 'word6 %.0s' $(seq 100); printf '\tlow\n'
} > "$scratch/test.tsv"
data --test-file "$scratch/test.tsv" > "$scratch/report" || die "data"
while read -r line; do holds "$scratch/report" "$line" "data"; done <<'LINES'
test: empty texts: 1, the first .*test.tsv:5$
test: labels that the training data does not have.*: 1, the first .*test.tsv:6, "other"
test: duplicates: 1, the first .*test.tsv:4 repeats .*test.tsv:3$
test: texts that train has too.*: 1, the first .*test.tsv:2 repeats .*train.tsv:3$
test: texts that have another label elsewhere: 1, .*"low", then "high"
test: texts of more than [0-9]* tokens, .*: 1, the first .*test.tsv:7
test: texts with tokens that the vocabulary does not know: 1, the first .*test.tsv:6$
^7 warnings$
LINES
"$thaw" data --train-file "$scratch/train.tsv" > /dev/null || die "data without a model"
small_data "$scratch/multi.tsv" 100 1 multi
"$thaw" data --train-file "$scratch/multi.tsv" --label-separator '|' | grep -q 'multi_label' ||
  die "data: several labels"
small_data "$scratch/regression.tsv" 100 1 regression
"$thaw" data --train-file "$scratch/regression.tsv" | grep -q 'numbers from' || die "data: numbers"
printf 'text\tlabel\na\tx\nb\tx\n' > "$scratch/one.tsv"
expect 1 "nothing to tell apart" "$thaw" data --train-file "$scratch/one.tsv"

"$thaw" devices | grep -q '^reference ' || die "devices"
expect 0 "thaw finetune" "$thaw" --help
for command in finetune predict plan inspect data devices; do
  "$thaw" "$command" --help > "$scratch/help"
  grep -q "^ *[a-z|A-Z_=]* *thaw $command" "$scratch/help" || die "$command --help has no example"
done
expect 0 "thaw 0" "$thaw" --version
echo "inspect, plan, data, devices: as they must be"
