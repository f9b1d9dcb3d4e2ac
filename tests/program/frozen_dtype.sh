#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A frozen base kept in bf16 or int8: what is told of it before the first step, less memory, adapters over the base as
# it is, kills and resumes, kept texts that know the type, and what is refused.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 200 1
small_data "$scratch/validation.tsv" 40 2
data=(--train-file "$scratch/train.tsv" --validation-file "$scratch/validation.tsv")
cut -f 1 "$scratch/validation.tsv" > "$scratch/texts.tsv"

# What is told, and less memory.
for dtype in f32 bf16 int8; do
  finetune_quietly "$scratch/$dtype" "${data[@]}" --lora 'r=2' --max-steps 20 --frozen-dtype $dtype
  cp "$scratch/log" "$scratch/log.$dtype"
  "$thaw" plan --model "$scratch/model" "${data[@]}" --lora 'r=2' --batch-size 16 --frozen-dtype $dtype \
    > "$scratch/plan.$dtype" 2>&1 || die "plan: $(cat "$scratch/plan.$dtype")"
done
told='[0-9]* tensors, [0-9.]* MB in place of [0-9.]*'
changes='; what the model says of the first 8 examples changes by up to [0-9.e-]*, [0-9.e-]* %'
for dtype in bf16 int8; do
  holds "$scratch/log.$dtype" "^frozen weights in $dtype: $told$changes" "the change is not told"
  holds "$scratch/plan.$dtype" "^frozen weights in $dtype: $told$" "the plan does not tell"
  holds "$scratch/plan.$dtype" '^weights as they are read, before' "the plan does not tell what is read"
done
! grep -q 'frozen weights in' "$scratch/log.f32" "$scratch/plan.f32" || die "f32 is told of"
# Of a larger model, made for that: the numbers of its products are most of it.
mkdir "$scratch/large"
sed 's/"hidden_size": [0-9]*/"hidden_size": 256/; s/"intermediate_size": [0-9]*/"intermediate_size": 1024/' \
  "$scratch/model/config.json" > "$scratch/large/config.json"
cp "$scratch/model/vocab.txt" "$scratch/large/"
finetune_quietly "$scratch/base" "${data[@]}" --model "$scratch/large" --from-scratch --max-steps 1 --eval-strategy no
measured() { sed -n "s/^$2  *\([0-9.]*\)$/\1/p" "$scratch/plan.$1"; }
for dtype in f32 bf16 int8; do
  "$thaw" plan --model "$scratch/base" --train-file "$scratch/train.tsv" --lora '' --batch-size 4 \
    --frozen-dtype $dtype > "$scratch/plan.$dtype" 2>&1 || die "plan: $(cat "$scratch/plan.$dtype")"
done
awk -v a="$(measured f32 weights)" -v b="$(measured bf16 weights)" -v c="$(measured int8 weights)" \
  'BEGIN { exit !(b > 0.5 * a && b < 0.6 * a && c > 0.25 * a && c < 0.4 * a) }' ||
  die "weights take $(measured f32 weights), $(measured bf16 weights), $(measured int8 weights) MB"
[ "$(measured int8 'weights as they are read, before')" = "$(measured f32 weights)" ] ||
  die "weights are read with another number of bytes than they have"

# The adapter is over the base as it is: it predicts, and merges.
for dtype in bf16 int8; do
  cmp -s "$scratch/f32/adapter_model.safetensors" "$scratch/$dtype/adapter_model.safetensors" &&
    die "$dtype: the base was not rounded"
  expect 0 "read again, it gives the same numbers" "$thaw" merge --model "$scratch/$dtype" \
    --output-dir "$scratch/merged.$dtype"
  for kept in f32 $dtype; do
    "$thaw" evaluate --model "$scratch/$dtype" --test-file "$scratch/validation.tsv" --frozen-dtype $kept \
      --output "$scratch/$dtype.$kept.json" > "$scratch/out" 2>&1 || die "evaluate: $(cat "$scratch/out")"
  done
  # Told by the training were the metrics on the rounded base.
  holds "$scratch/out" "^frozen weights in $dtype: $told$changes" "evaluate does not tell the change"
  same_results "$scratch/$dtype/eval_results.json" "$scratch/$dtype.$dtype.json" loss "$dtype, evaluated again"
  loss() { grep -m 1 '"loss"' "$scratch/$dtype.$1.json"; }
  [ "$(loss f32)" != "$(loss $dtype)" ] || die "$dtype: the base was not rounded in the evaluation: $(loss f32)"
done

# Killed at random moments and resumed, it ends as the run that was not.
launch() {  # OUTPUT_DIR OPTIONS...
  local out=$1
  shift
  trap - EXIT
  exec "$thaw" finetune --model "$scratch/model" "${data[@]}" --batch-size 4 --max-steps 60 --save-strategy steps \
    --save-steps 7 --learning-rate 1e-2 --weight-decay 0.1 --save change --output-dir "$out" "$@"
}
plan() {
  case $1 in
    lora) printf '%s\n' --lora 'r=2 dropout=0.1' --frozen-dtype int8 ;;
    dora) printf '%s\n' --lora '*.query r=2 dora' --frozen-dtype bf16 ;;
    top) printf '%s\n' --freeze 'bert.*' --unfreeze-every 20 --train '*.layer.1.*' --frozen-dtype int8 ;;
  esac
}
for method in lora dora top; do
  mapfile -t options < <(plan $method)
  (launch "$scratch/$method" "${options[@]}") > "$scratch/log" 2>&1 || die "$method: $(cat "$scratch/log")"
  for attempt in 1 2 3; do
    launch "$scratch/$method.killed" "${options[@]}" --resume-if-any > "$scratch/log" 2>&1 &
    pid=$!
    sleep "$(printf 0.%02d $((RANDOM % 25 + 5)))"
    kill -9 $pid 2> /dev/null || true
    wait $pid 2> /dev/null || true
  done
  (launch "$scratch/$method.killed" "${options[@]}" --resume-if-any) > "$scratch/log" 2>&1 ||
    die "$method: $(cat "$scratch/log")"
  cmp -s "$scratch/$method/thaw_change.safetensors" "$scratch/$method.killed/thaw_change.safetensors" ||
    die "$method: after kills what changed differs"
done
# The type is a part of the run.
rm "$scratch/lora.killed/train_results.json"
(launch "$scratch/lora.killed" --lora 'r=2 dropout=0.1' --frozen-dtype bf16 --resume) \
  > "$scratch/out" 2> "$scratch/log" && die "resumed with another type"
holds "$scratch/log" 'dtype was f32, of frozen weights int8, is f32, of frozen weights bf16' "no difference is told"
(launch "$scratch/lora.killed" --lora 'r=2 dropout=0.1' --resume) > "$scratch/out" 2> "$scratch/log" &&
  die "resumed without the type"
holds "$scratch/log" 'dtype was f32, of frozen weights int8, is f32' "no difference is told"

# Saved as a whole model, it has the base's own numbers, and the change.
(launch "$scratch/whole" --freeze 'bert.*' --frozen-dtype int8 --save model) > "$scratch/log" 2>&1 ||
  die "$(cat "$scratch/log")"
[ ! -e "$scratch/whole/thaw_change.safetensors" ] || die "a change lies beside the whole model"
(launch "$scratch/changed" --freeze 'bert.*' --frozen-dtype int8) > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
for saved in whole changed; do
  "$thaw" predict --model "$scratch/$saved" "$scratch/texts.tsv" > "$scratch/$saved.txt" 2> "$scratch/log" ||
    die "$(cat "$scratch/log")"
done
cmp -s "$scratch/whole.txt" "$scratch/changed.txt" || die "the whole model predicts something else than the change"

# Runs that share a folder of kept texts keep those of each type apart.
cached() { finetune_quietly "$scratch/$1" "${data[@]}" --freeze 'bert.*' --max-steps 30 --save change "${@:2}"; }
cached plain.int8 --frozen-dtype int8 --cache-memory 0
cached plain.f32 --cache-memory 0
for round in 1 2; do
  cached "kept.int8.$round" --frozen-dtype int8 --cache "$scratch/cache"
  cached "kept.f32.$round" --cache "$scratch/cache"
  for dtype in int8 f32; do
    cmp -s "$scratch/plain.$dtype/thaw_change.safetensors" "$scratch/kept.$dtype.$round/thaw_change.safetensors" ||
      die "$dtype, run $round: with kept texts what changed differs"
  done
done

holds "$scratch/kept.int8.1/eval_results.json" '"frozen_dtype": "int8"' "what the results were judged as"

# A T5 as well: its losses of tokens are compared, and the adapter is over the base as it is.
mv "$scratch/model" "$scratch/bert"
small_writer
awk 'NR == 1 { print "source\ttarget" } NR > 1 { print $1 " " $2 "\t" $2 }' "$scratch/train.tsv" > "$scratch/t5.tsv"
finetune_quietly "$scratch/t5" --task text2text --source-column source --target-column target \
  --train-file "$scratch/t5.tsv" --rule ia3 --frozen-dtype bf16 --max-steps 5
holds "$scratch/log" '^frozen weights in bf16: [1-9].* changes by up to [0-9.]' "the error of a T5"
[ -e "$scratch/t5/adapter_model.safetensors" ] || die "no adapter of the T5 was saved"
rm -r "$scratch/model"
mv "$scratch/bert" "$scratch/model"

# What cannot be.
refused() {  # STATUS TEXT OPTIONS...
  local status=$1 text=$2
  shift 2
  expect "$status" "$text" "$thaw" finetune --model "$scratch/model" "${data[@]}" --output-dir "$scratch/none" "$@"
}
refused 2 '--frozen-dtype int8: no product has a weight that stays frozen' --frozen-dtype int8
refused 2 '--other-plan: not with --frozen-dtype' --frozen-dtype int8 --freeze 'bert.*' --resume --other-plan
refused 2 '--from-scratch' --frozen-dtype int8 --from-scratch
refused 2 '--frozen-dtype' --frozen-dtype int4 --lora ''
