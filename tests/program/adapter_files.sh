#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Adapters as people hand them around, without config.json and tokenizer and with a base of some name: on a model that
# is given beside them, one or several; merged into it, and taken out again.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 120 1
small_data "$scratch/validation.tsv" 30 2
data=(--train-file "$scratch/train.tsv" --validation-file "$scratch/validation.tsv")
cut -f 1 "$scratch/validation.tsv" > "$scratch/texts.tsv"
base=$scratch/model
numbers() {  # FILE: the probabilities of JSON predictions
  grep -o '[0-9.e-]*' "$1" | grep '\.' || die "no numbers in $(cat "$1")"
}
predict() {  # FILE OPTIONS...
  local out=$1
  shift
  "$thaw" predict --output-format jsonl --probabilities "$@" > "$out" 2> "$scratch/log" ||
    die "$*: $(cat "$scratch/log")"
}
bare() {  # DIR NEW: what of a run people hand around
  mkdir "$2"
  cp "$1/adapter_model.safetensors" "$2/"
  sed "s#\"base_model_name_or_path\": \"[^\"]*\"#\"base_model_name_or_path\": \"someone/model\"#" \
    "$1/adapter_config.json" > "$2/adapter_config.json"
}

finetune_quietly "$scratch/lora" "${data[@]}" --lora 'r=2 alpha=4' --max-steps 12
finetune_quietly "$scratch/ia3" "${data[@]}" --rule ia3 --max-steps 12 --seed 7
bare "$scratch/lora" "$scratch/a"
bare "$scratch/ia3" "$scratch/b"

# On its base, it predicts as the run does; its classes have no names.
predict "$scratch/own.jsonl" --model "$scratch/lora" "$scratch/texts.tsv"
predict "$scratch/bare.jsonl" --model "$base" --adapter "$scratch/a" "$scratch/texts.tsv"
cmp -s <(numbers "$scratch/own.jsonl") <(numbers "$scratch/bare.jsonl") ||
  die "the adapter on its base predicts otherwise"
expect 1 'is an adapter (adapter_config.json) of another model ("someone/model"), without a config.json of its own' \
  "$thaw" predict --model "$scratch/a" "$scratch/texts.tsv"

# The directory of a run whose base moved.
cp -r "$base" "$scratch/elsewhere"
cp -r "$scratch/lora" "$scratch/moved"
sed -i "s#$base#$scratch/nowhere#" "$scratch/moved/adapter_config.json"
expect 1 'which is not there: give that model, and this as its adapter' \
  "$thaw" predict --model "$scratch/moved" "$scratch/texts.tsv"
predict "$scratch/moved.jsonl" --model "$scratch/elsewhere" --adapter "$scratch/moved" "$scratch/texts.tsv"
cmp -s "$scratch/own.jsonl" "$scratch/moved.jsonl" || die "beside a base that moved it predicts otherwise"

# Another base is refused: by its hash; without one by its shapes.
finetune_quietly "$scratch/whole" "${data[@]}" --max-steps 1 --eval-strategy no
expect 1 "$scratch/a: changes a model whose weights have the SHA-256" \
  "$thaw" predict --model "$scratch/whole" --adapter "$scratch/a" "$scratch/texts.tsv"
expect 1 "holds a whole model, no adapter" \
  "$thaw" predict --model "$base" --adapter "$scratch/whole" "$scratch/texts.tsv"
expect 1 "is an adapter itself" "$thaw" predict --model "$scratch/lora" --adapter "$scratch/a" "$scratch/texts.tsv"
expect 2 "--adapter excludes --from-scratch" "$thaw" finetune --model "$base" --adapter "$scratch/a" \
  --from-scratch "${data[@]}" --output-dir "$scratch/none"
mkdir "$scratch/empty"
expect 1 "holds no adapter" "$thaw" predict --model "$base" --adapter "$scratch/empty" "$scratch/texts.tsv"

# Several on one base, by a column: each row as its adapter alone would say.
awk -F '\t' -v OFS='\t' 'NR == 1 { print $1, "who"; next } { print $1, NR % 3 ? "a" : "second" }' \
  "$scratch/validation.tsv" > "$scratch/routed.tsv"
predict "$scratch/b.jsonl" --model "$base" --adapter "$scratch/b" "$scratch/texts.tsv"
predict "$scratch/routed.jsonl" --model "$base" --adapter "$scratch/a" --adapter "second=$scratch/b" \
  --adapter-column who "$scratch/routed.tsv"
paste -d '\n' "$scratch/bare.jsonl" "$scratch/b.jsonl" | awk '
  NR % 2 { a = $0; next } { row = NR / 2 + 1; print row % 3 ? a : $0 }' > "$scratch/expected.jsonl"
# Rows that are computed with others differ in their last digits.
paste <(numbers "$scratch/routed.jsonl") <(numbers "$scratch/expected.jsonl") | awk '
  NF != 2 || ($1 - $2) ^ 2 > 1e-8 { exit 1 }' || die "rows are not those of their adapters"
expect 2 "but no --adapter-column" "$thaw" predict --model "$base" --adapter "$scratch/a" \
  --adapter "$scratch/b" "$scratch/texts.tsv"
expect 2 'two have the name "a"' "$thaw" predict --model "$base" --adapter "$scratch/a" --adapter "a=$scratch/b" \
  --adapter-column who "$scratch/routed.tsv"
expect 1 "routed.tsv:2: who: \"a\" is no adapter's name; there are: x, second" \
  "$thaw" predict --model "$base" --adapter "x=$scratch/a" --adapter "second=$scratch/b" --adapter-column who \
  "$scratch/routed.tsv"
# A table without a row has its header all the same.
head -n 1 "$scratch/routed.tsv" > "$scratch/empty.tsv"
"$thaw" predict --model "$scratch/lora" "$scratch/empty.tsv" > "$scratch/header" 2> "$scratch/log" ||
  die "$(cat "$scratch/log")"
"$thaw" predict --model "$base" --adapter "$scratch/moved" --adapter "second=$scratch/b" --adapter-column who \
  "$scratch/empty.tsv" > "$scratch/routed.header" 2> "$scratch/log" || die "$(cat "$scratch/log")"
[ -s "$scratch/header" ] && cmp -s "$scratch/header" "$scratch/routed.header" || die "no header: $(cat "$scratch/log")"
expect 1 "a text a line has no column with an adapter's name" "$thaw" predict --model "$base" --adapter "$scratch/a" \
  --adapter "$scratch/b" --adapter-column who --format lines "$scratch/texts.tsv"
printf 'text\twho\nword7\ta\n\xff\tb\nword8\ta\n' > "$scratch/wrong.tsv"
expect 1 "wrong.tsv:3" "$thaw" predict --model "$base" --adapter "$scratch/a" --adapter "$scratch/b" \
  --adapter-column who "$scratch/wrong.tsv"

# Lines of JSONL reach their model as they are, lists too.
awk 'BEGIN {
  for (i = 0; i < 30; i++)
    printf "{\"tokens\": [\"word%d\", \"word%d\"], \"tags\": [\"LOW\", \"UP\"], \"who\": \"%s\"}\n",
      7 + i, 40 - i, i % 3 ? "x" : "y"
}' > "$scratch/words.jsonl"
finetune_quietly "$scratch/words" --task tokens --train-file "$scratch/words.jsonl" --lora 'r=2' --max-steps 2
cp -r "$scratch/words" "$scratch/copy"
"$thaw" predict --model "$scratch/words" --output-format jsonl "$scratch/words.jsonl" > "$scratch/own.jsonl"
"$thaw" predict --model "$base" --adapter "x=$scratch/words" --adapter "y=$scratch/copy" --adapter-column who \
  --output-format jsonl "$scratch/words.jsonl" > "$scratch/said.jsonl" 2> "$scratch/log" || die "$(cat "$scratch/log")"
cmp -s "$scratch/own.jsonl" "$scratch/said.jsonl" || die "words by their adapters are tagged otherwise"
printf 'word7\tLOW\n\n' > "$scratch/words.conll"
expect 1 "words are expected as jsonl" "$thaw" predict --model "$base" --adapter "x=$scratch/words" \
  --adapter "y=$scratch/copy" --adapter-column who "$scratch/words.conll"

# What else takes one.
expect 0 "accuracy" "$thaw" evaluate --model "$base" --adapter "$scratch/moved" --test-file "$scratch/validation.tsv" \
  --bootstrap-samples 0
small_data "$scratch/pairs.tsv" 40 3 pair
finetune_quietly "$scratch/pairs" --task embed --train-file "$scratch/pairs.tsv" --text-pair-column other \
  --lora 'r=2' --max-steps 2
bare "$scratch/pairs" "$scratch/c"
"$thaw" embed --model "$scratch/pairs" "$scratch/texts.tsv" --output "$scratch/v.npy" > "$scratch/log"
"$thaw" embed --model "$base" --adapter "$scratch/c" "$scratch/texts.tsv" --output "$scratch/w.npy" > "$scratch/log"
cmp -s "$scratch/v.npy" "$scratch/w.npy" || die "an adapter on its base embeds otherwise"
expect 1 "a file of --adapter $scratch/c would be overwritten" "$thaw" embed --model "$base" \
  --adapter "x=$scratch/c" "$scratch/texts.tsv" --output "$scratch/c/adapter_model.safetensors"
expect 0 'a change of the model "someone/model"' "$thaw" inspect "$scratch/a" --pattern '*query.lora_A*'
finetune_quietly "$scratch/on" "${data[@]}" --max-steps 3 --eval-strategy no --adapter "$scratch/moved"
[ -e "$scratch/on/adapter_model.safetensors" ] || die "the adapter was lost: $(ls "$scratch/on")"
holds "$scratch/on/adapter_config.json" "\"base_model_name_or_path\": \"$base\"" "another base is named"
holds "$scratch/on/options.txt" "^adapter = $scratch/moved\$" "the options do not tell of the adapter"

# Merged into its base, and out again; the factors of IA3, too.
for method in a b; do
  expect 0 "read again, it gives the same numbers" \
    "$thaw" merge --model "$base" --adapter "$scratch/$method" --output-dir "$scratch/merged.$method"
  expect 0 "not held to the base" \
    "$thaw" unmerge --model "$scratch/merged.$method" --adapter "$scratch/$method" --output-dir "$scratch/out.$method"
done
expect 0 "held to $base, but for what was kept: its weights but for rounding to f32" \
  "$thaw" unmerge --model "$scratch/merged.a" --adapter "$scratch/lora" --output-dir "$scratch/out"
holds "$scratch/expect.out" 'kept as the adapter has it.*classifier.weight' "what is kept is not told"
expect 1 "is not what $scratch/ia3 has: is it the adapter that was merged into it?" \
  "$thaw" unmerge --model "$scratch/merged.a" --adapter "$scratch/ia3" --output-dir "$scratch/none"
"$thaw" finetune --model "$scratch/merged.a" --output-dir "$scratch/norms" "${data[@]}" --rule 'freeze *' \
  --rule 'train *LayerNorm*' --rule 'freeze classifier*' --save model --max-steps 1 --eval-strategy no \
  --learning-rate 0.1 > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
expect 1 "without $scratch/lora it is not $base: bert.embeddings.LayerNorm.weight differs by up to" \
  "$thaw" unmerge --model "$scratch/norms" --adapter "$scratch/lora" --output-dir "$scratch/none"
finetune_quietly "$scratch/dora" "${data[@]}" --lora 'r=2 dora' --max-steps 2 --eval-strategy no
"$thaw" merge --model "$scratch/dora" --output-dir "$scratch/merged.dora" > "$scratch/log" ||
  die "$(cat "$scratch/log")"
expect 1 "the lengths that DoRA gave its rows cannot be undone" \
  "$thaw" unmerge --model "$scratch/merged.dora" --adapter "$scratch/dora" --output-dir "$scratch/none"
[ ! -e "$scratch/none" ] || die "something was written"

# From an adapter's run on, unfrozen from the top, and the best state of it kept: one adapter, with what it had.
finetune_quietly "$scratch/gradual" "${data[@]}" --adapter "$scratch/moved" --max-steps 12 --unfreeze-every 4 \
  --freeze 'bert.embeddings.*' --eval-strategy steps --eval-steps 3 --save-strategy steps --save-steps 3 \
  --load-best-model-at-end
holds "$scratch/log" '^from step 4: trained: ' "gradual unfreezing"
[ ! -e "$scratch/gradual/model.safetensors" ] || die "a model with adapters on it was saved as a whole one"
predict "$scratch/best.jsonl" --model "$scratch/gradual" "$scratch/texts.tsv"
best=$(sed -n 's/.*"best_step": \([0-9]*\).*/\1/p' "$scratch/gradual/train_results.json")
predict "$scratch/kept.jsonl" --model "$scratch/gradual/checkpoint-$best" "$scratch/texts.tsv"
cmp -s "$scratch/best.jsonl" "$scratch/kept.jsonl" || die "the run did not end with its best state"
