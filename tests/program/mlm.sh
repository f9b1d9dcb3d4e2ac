#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Masked words through the program: trained, resumed bit for bit, asked, and gone on from to another task.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 60 1
small_data "$scratch/validation.tsv" 20 2
cut -f1 "$scratch/train.tsv" | tail -n +2 > "$scratch/train.txt"
{ echo '[MASK]'; seq 6 150 | sed 's/^/word/' | tr '\n' ' '; echo; } >> "$scratch/train.txt"

mlm() { finetune_quietly "$@" --task mlm --train-file "$scratch/train.txt" --num-train-epochs 2; }
mlm "$scratch/run" --validation-file "$scratch/validation.tsv" --save-strategy steps --save-steps 5
holds "$scratch/log" '1 text of more than [0-9]* tokens: [0-9]* examples were made of it' "a long text"
holds "$scratch/log" '1 text has no word to mask: passed over, the first .*train.txt:61$' "a text without words"
holds "$scratch/log" 'masked words (15 % of a text.s tokens, whole words)' "what is learnt"
at_least "$(result "$scratch/run" eval perplexity)" 1 "perplexity"

# The masks of an epoch are the same when a run goes on within it, others with another seed or share.
mkdir "$scratch/half"
cp -r "$scratch/run/checkpoint-5" "$scratch/half/"
mlm "$scratch/half" --validation-file "$scratch/validation.tsv" --save-strategy steps --save-steps 5 --resume
same_weights "$scratch/run" "$scratch/half" "a resumed run has other weights"

# The pooler, which masked words have no use for, is still the first model's.
pooler() { "$thaw" inspect "$1" --pattern '*pooler*' | grep pooler; }
[ "$(pooler "$scratch/model" | wc -l)" = 2 ] || die "the first model has no pooler"
[ "$(pooler "$scratch/half")" = "$(pooler "$scratch/model")" ] || die "a resumed run has another pooler, or none"
for other in "--seed 3" "--mlm-probability 0.3"; do
  mlm "$scratch/other" $other
  ! cmp -s "$scratch/run/model.safetensors" "$scratch/other/model.safetensors" || die "$other changes nothing"
  rm -r "$scratch/other"
done

# The directory keeps its task; words come from files and the standard input, in order, as TSV and JSONL.
echo 'word6 [MASK] [MASK]' > "$scratch/masks.txt"
"$thaw" predict --model "$scratch/run" "$scratch/masks.txt" --top-k 3 > "$scratch/out"
[ "$(head -n 1 "$scratch/out")" = $'mask\tword\tprobability\ttext' ] || die "header: $(head -n 1 "$scratch/out")"
[ "$(tail -n +2 "$scratch/out" | cut -f1 | tr '\n' ' ')" = "1 1 1 2 2 2 " ] || die "masks: $(cat "$scratch/out")"
"$thaw" predict --model "$scratch/run" --top-k 3 < "$scratch/masks.txt" | cmp -s - "$scratch/out" ||
  die "the standard input"
"$thaw" predict --model "$scratch/run" "$scratch/masks.txt" --output-format jsonl --top-k 1 |
  grep -q '"masks": \[\[{"word": "[^"]*", "probability": 0\.[0-9]*}\], \[{' || die "JSONL"
printf 'text\nword6 [MASK]\nword7\n' > "$scratch/masks.tsv"
expect 1 "masks.tsv:3: the text has no [MASK]: there is nothing to find" \
  "$thaw" predict --model "$scratch/run" "$scratch/masks.tsv"
expect 2 '--top-k: a whole number from 1 to 1000000 was expected, not "0"' "$thaw" predict --model "$scratch/run" \
  "$scratch/masks.txt" --top-k 0
! "$thaw" predict --model "$scratch/run" "$scratch/masks.tsv" --top-k 1 > "$scratch/out" 2> "$scratch/log"
[ "$(cut -f4 "$scratch/out")" = $'text\nword6 [MASK]' ] || die "the row before a wrong one: $(cat "$scratch/out")"

# Another task goes on from it.
finetune_quietly "$scratch/classes" --task classification --model "$scratch/run" --train-file "$scratch/train.tsv" \
  --max-steps 2
holds "$scratch/log" '^new: .*classifier.weight' "a new head on the adapted encoder"

# What cannot be meant.
bad() { expect "$1" "$2" "$thaw" finetune --task mlm --model "$scratch/model" --output-dir "$scratch/none" "${@:3}"; }
printf '\n\n' > "$scratch/blank.txt"
bad 1 "blank.txt: none of its 2 texts has a word to mask" --train-file "$scratch/blank.txt"
bad 1 'has no column "body"' --train-file "$scratch/train.tsv" --text-column body
bad 2 "--mlm-probability" --train-file "$scratch/train.txt" --mlm-probability 1.5
bad 2 "--max-length: 2 leaves no room for 3" --train-file "$scratch/train.txt" --max-length 2
bad 2 "--label-column: no option of the task mlm" --train-file "$scratch/train.tsv" --label-column label
grep -v MASK "$scratch/model/vocab.txt" > "$scratch/vocab.txt"
mkdir "$scratch/maskless"
cp "$scratch/model/"* "$scratch/maskless/"
mv "$scratch/vocab.txt" "$scratch/maskless/"
expect 1 "maskless: the tokenizer has no mask token" "$thaw" finetune --task mlm --model "$scratch/maskless" \
  --output-dir "$scratch/none" --train-file "$scratch/train.txt"
expect 0 "several examples (107 tokens beyond): 1" \
  "$thaw" data --task mlm --model "$scratch/model" --train-file "$scratch/train.txt"

# Judged again by the masks that the run was judged by: their share is kept, and they are no run's own.
"$thaw" finetune --task mlm --model "$scratch/model" --train-file "$scratch/train.txt" \
  --test-file "$scratch/train.txt" --seed 7 --mlm-probability 0.4 --token-mask --max-steps 1 --save-strategy no \
  --output-dir "$scratch/judged" > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
"$thaw" evaluate --model "$scratch/judged" --test-file "$scratch/train.txt" --output "$scratch/judged.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_results "$scratch/judged.json" "$scratch/judged/test_results.json" loss "judged again"

# What is given is another run than what the model has kept, though it is the program's default.
again=("$thaw" finetune --task mlm --model "$scratch/judged" --train-file "$scratch/train.txt" --max-steps 1
  --save-strategy no --output-dir "$scratch/kept")
expect 0 "trained 1 step" "${again[@]}"
expect 0 "finished before" "${again[@]}" --resume-if-any
expect 1 "--mlm-probability" "${again[@]}" --resume-if-any --mlm-probability 0.15

expect 0 "cls" "$thaw" plan --task mlm --model "$scratch/model" --train-file "$scratch/train.txt"
echo "masked words: trained, resumed, asked, gone on from"
