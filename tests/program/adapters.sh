#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Adapters and other parts of a model, trained, saved without the rest, killed and resumed, predicted with, merged.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 300 1
small_data "$scratch/validation.tsv" 40 2
data=(--train-file "$scratch/train.tsv" --validation-file "$scratch/validation.tsv")
bytes() { du -cb "$@" | tail -n 1 | cut -f 1; }
whole=$(bytes "$scratch/model/model.safetensors")

# LoRA: an adapter that peft reads, a fraction of the model, and checkpoints as small.
finetune_quietly "$scratch/lora" "${data[@]}" --lora 'r=2 alpha=4' --max-steps 20 --save-strategy steps \
  --save-steps 10
holds "$scratch/log" '^lora r=2 alpha=4: [0-9]* tensors' "the rule is not told"
[ -e "$scratch/lora/adapter_model.safetensors" ] || die "no adapter was saved"
[ ! -e "$scratch/lora/model.safetensors" ] || die "the whole model was saved"
holds "$scratch/lora/adapter_config.json" "\"base_model_name_or_path\": \"$scratch/model\"" "the base is not named"
checkpoint=$scratch/lora/checkpoint-20
[ $(($(bytes "$checkpoint/thaw_change.safetensors") * 2)) -lt "$whole" ] || die "the checkpoint holds what is frozen"
[ ! -e "$checkpoint/model.safetensors" ] || die "the checkpoint holds the whole model"

# What is wrong with the plan is told before the training; a run's options are those of its plan.
expect 1 "--save adapter: peft has no words for what is trained: " "$thaw" finetune --model "$scratch/model" \
  "${data[@]}" --freeze 'bert.*' --save adapter --output-dir "$scratch/none"
[ ! -e "$scratch/none/log.jsonl" ] || die "it trained what could not be saved"
finetune_quietly "$scratch/told" "${data[@]}" --lora 'r=2' --max-steps 2 --save change --lr 'bert.embeddings.*=1e-3' \
  --cache-dtype bf16
holds "$scratch/log" '^--lr bert.embeddings.\*=0.001 has no effect: what it is about is frozen$' "a rate of nothing"
holds "$scratch/log" '^warning: --cache-dtype has no effect: ' "a type of nothing"
expect 0 "per mille trained" "$thaw" plan --config "$scratch/told/options.txt"
cp -r "$scratch/lora" "$scratch/half"
rm "$scratch/half/adapter_config.json"
expect 1 "has the weights of an adapter, but there is no adapter_config.json beside them" \
  "$thaw" predict --model "$scratch/half" "$scratch/validation.tsv"

# Merged, it predicts the same.
expect 0 "read again, it gives the same numbers" "$thaw" merge --model "$scratch/lora" --output-dir "$scratch/merged"
cut -f 1 "$scratch/validation.tsv" > "$scratch/texts.tsv"
"$thaw" predict --model "$scratch/lora" "$scratch/texts.tsv" 2> "$scratch/log" > "$scratch/adapted.txt" ||
  die "$(cat "$scratch/log")"
"$thaw" predict --model "$scratch/merged" "$scratch/texts.tsv" > "$scratch/merged.txt"
cut -f 1 "$scratch/adapted.txt" | cmp -s - <(cut -f 1 "$scratch/merged.txt") ||
  die "the merged model predicts something else"
expect 1 "is there already, and not empty" "$thaw" merge --model "$scratch/lora" --output-dir "$scratch/merged"
expect 1 "is a whole model: there is nothing to merge" \
  "$thaw" merge --model "$scratch/merged" --output-dir "$scratch/m2"

# Whatever is tuned: killed at random moments and resumed, it ends as the run that was not.
plan() {
  case $1 in
    head) printf '%s\n' --freeze 'bert.*' ;;
    biases) printf '%s\n' --freeze '*' --train '*bias' --train 'classifier.*' ;;
    rows) printf '%s\n' --freeze '*' --train '*word_embeddings.weight rows 5:9' --train 'classifier.*' ;;
    dora) printf '%s\n' --lora '*.query r=2 dropout=0.1 dora' ;;
    lora) printf '%s\n' --lora 'r=2 dropout=0.1 rs' ;;
    prompt) printf '%s\n' --rule 'prompt n=3' ;;
    prefix) printf '%s\n' --rule 'prefix n=3' ;;
    ia3) printf '%s\n' --rule ia3 ;;
    bottleneck) printf '%s\n' --rule 'adapter size=4' --train '*LayerNorm*' ;;
  esac
}
launch() {  # OUTPUT_DIR OPTIONS...
  local out=$1
  shift
  trap - EXIT
  exec "$thaw" finetune --model "$scratch/model" "${data[@]}" --batch-size 4 --max-steps 60 --save-strategy steps \
    --save-steps 7 --learning-rate 1e-2 --weight-decay 0.1 --save change --output-dir "$out" "$@"
}
kills=0
for method in head biases rows lora dora ia3 bottleneck prompt prefix; do
  mapfile -t options < <(plan $method)
  (launch "$scratch/tuned.$method" "${options[@]}") > "$scratch/log" 2>&1 || die "$method: $(cat "$scratch/log")"
  for attempt in 1 2 3; do
    launch "$scratch/tuned.$method.killed" "${options[@]}" --resume-if-any > "$scratch/log" 2>&1 &
    pid=$!
    sleep "$(printf 0.%02d $((RANDOM % 25 + 5)))"
    if kill -9 $pid 2> /dev/null; then kills=$((kills + 1)); fi
    wait $pid 2> /dev/null || true
  done
  (launch "$scratch/tuned.$method.killed" "${options[@]}" --resume-if-any) > "$scratch/log" 2>&1 ||
    die "$method: $(cat "$scratch/log")"
  cmp -s "$scratch/tuned.$method/thaw_change.safetensors" "$scratch/tuned.$method.killed/thaw_change.safetensors" ||
    die "$method: after kills what changed differs"
done
[ $kills -gt 0 ] || die "no run was killed"
# The options of an adapter are a part of the plan.
rm -r "$scratch/tuned.lora.killed/train_results.json"
(launch "$scratch/tuned.lora.killed" --lora 'r=2 alpha=9 dropout=0.1 rs' --resume) > "$scratch/out" 2> "$scratch/log" &&
  die "resumed with another alpha"
holds "$scratch/log" 'freezing was lora r=2 dropout=0.1 rs, is lora r=2 alpha=9 dropout=0.1 rs' "no difference is told"

# Prefixes: used like a model, as peft has them where it can; no part of a weight.
finetune_quietly "$scratch/prefix" "${data[@]}" --rule 'prefix n=3' --max-steps 20
holds "$scratch/log" '^prefix n=3: [0-9]* tensors' "the rule is not told"
holds "$scratch/prefix/adapter_config.json" '"peft_type": "PREFIX_TUNING"' "it is not saved as peft has it"
holds "$scratch/log" "the prefix is as peft has it, but peft" "limits of peft are not told"
"$thaw" predict --model "$scratch/prefix" "$scratch/texts.tsv" > "$scratch/prefix.txt" 2> "$scratch/log" ||
  die "$(cat "$scratch/log")"
cmp -s "$scratch/prefix.txt" "$scratch/adapted.txt" && die "the prefix changes nothing"
expect 0 "accuracy" "$thaw" evaluate --model "$scratch/prefix" --test-file "$scratch/validation.tsv"
expect 1 "bert.encoder.layer.0.attention.self: a prefix is no part of a weight: it cannot be merged" \
  "$thaw" merge --model "$scratch/prefix" --output-dir "$scratch/m3"
[ ! -e "$scratch/m3" ] || die "what cannot be merged left something"
finetune_quietly "$scratch/upper" "${data[@]}" --rule 'prefix *.layer.1.* n=3' --max-steps 4
holds "$scratch/log" 'which thaw alone reads: bert.encoder.layer.0.attention.self: has no prefix' "it is not said why"
"$thaw" predict --model "$scratch/upper" "$scratch/texts.tsv" > "$scratch/upper.txt" 2> "$scratch/log" ||
  die "$(cat "$scratch/log")"

# A model with an adapter on it, trained on without a rule for one, is saved with it.
finetune_quietly "$scratch/on" "${data[@]}" --max-steps 4 --eval-strategy no --model "$scratch/lora"
[ -e "$scratch/on/adapter_model.safetensors" ] || die "the adapter was lost: $(ls "$scratch/on")"

# Adapters beside a base that is trained as a whole: saved as what changed, and gone on from.
finetune_quietly "$scratch/beside" "${data[@]}" --rule 'lora r=2' --train '*' --max-steps 4 --save-strategy steps \
  --save-steps 2 --save-total-limit 1
[ -e "$scratch/beside/checkpoint-4/thaw_change.safetensors" ] || die "no checkpoint was saved"
[ ! -e "$scratch/beside/model.safetensors" ] || die "the whole model was saved, without its adapter"
expect 0 "" "$thaw" predict --model "$scratch/beside" "$scratch/texts.tsv"

# The same numbers, whether all of the model is saved or what changed of it.
(launch "$scratch/all" --freeze 'bert.*' --save model) > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
"$thaw" predict --model "$scratch/tuned.head" "$scratch/texts.tsv" 2> "$scratch/log" > "$scratch/head.txt" ||
  die "$(cat "$scratch/log")"
"$thaw" predict --model "$scratch/all" "$scratch/texts.tsv" | cmp -s - "$scratch/head.txt" ||
  die "a saved change predicts something else"

# What cannot be.
refused() {  # STATUS TEXT OPTIONS...
  local status=$1 text=$2
  shift 2
  expect "$status" "$text" "$thaw" finetune --model "$scratch/model" "${data[@]}" --output-dir "$scratch/none" "$@"
}
refused 1 '"lora *.qery r=8" matches no product; near names: bert.encoder.layer.0.attention.self.query' --lora '*.qery'
refused 2 '"rank=8" is unknown here; there are: r=, alpha=, dropout=, rs, dora' --lora 'rank=8'
refused 1 'matches no self-attention; near names: bert.encoder.layer.0.attention.self' --rule 'prefix *.query n=3'
refused 1 'and frozen: the random numbers would stay' --rule 'prefix n=3' --freeze '*' --train 'classifier.*'
refused 2 'it is no model of the reference library' --lora '' --save model
refused 1 '--from-scratch: adapters are on a model that is there' --lora '' --from-scratch
cp -r "$scratch/lora" "$scratch/moved"
sed -i "s#$scratch/model#$scratch/nowhere#" "$scratch/moved/adapter_config.json"
expect 1 "changes the model \"$scratch/nowhere\", which is not there" \
  "$thaw" predict --model "$scratch/moved" "$scratch/texts.tsv"
