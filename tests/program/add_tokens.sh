#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# More special tokens for a model: all that was there keeps its bytes, new vectors are drawn, texts stand between the
# new tokens; a GPT is taught to classify as GPT-1's authors do; what is wrong is one line, and nothing is written.
. "$(dirname "$0")/lib.bash"
small_model
size=$((words + 5))
add() { "$thaw" add-tokens "$@"; }

expect 0 "bert: 2 tokens more (id $size to $((size + 1))), $((size + 2)) words in all" add --model "$scratch/model" \
  --tokens '<a>' --tokens '[b,c]' --output-dir "$scratch/bert"
holds "$scratch/bert/config.json" "\"vocab_size\": $((size + 2))" "config.json"
rows() { "$thaw" inspect "$1" --pattern '*word_embeddings.weight' | grep -o "\[[0-9]*, [0-9]*\]"; }
[[ $(rows "$scratch/bert") == "[$((size + 2)), "* ]] || die "rows: $(rows "$scratch/bert")"
add --model "$scratch/model" --tokens '<a>' --tokens '[b,c]' --output-dir "$scratch/again" > /dev/null
diff -r "$scratch/bert" "$scratch/again" > "$scratch/log" || die "the same seed: $(cat "$scratch/log")"
small_data "$scratch/train.tsv" 40 1
sed 's/word1/<a>/' "$scratch/train.tsv" > "$scratch/new.tsv"
finetune_quietly "$scratch/run" --model "$scratch/bert" --train-file "$scratch/new.tsv" --max-steps 2
expect 0 '<a>' "$thaw" data --model "$scratch/bert" --train-file "$scratch/new.tsv" --show 20
# What the model says of texts without new tokens is what it said.
finetune_quietly "$scratch/old" --train-file "$scratch/train.tsv" --max-steps 1 --learning-rate 0 \
  --validation-file "$scratch/train.tsv"
finetune_quietly "$scratch/grown" --model "$scratch/bert" --train-file "$scratch/train.tsv" --max-steps 1 \
  --learning-rate 0 --validation-file "$scratch/train.tsv"
cmp -s "$scratch/old/eval_results.json" "$scratch/grown/eval_results.json" || die "the model says something else"

# GPT-1's recipe.
cut -f1 "$scratch/train.tsv" > "$scratch/texts.txt"
"$thaw" init --type gpt2 --files "$scratch/texts.txt" --vocab-size 265 --layers 2 --hidden-size 32 --heads 2 \
  --positions 64 --dropout 0 --output-dir "$scratch/gpt" > /dev/null
start=(--tokens '<start>' --tokens '<delimiter>' --tokens '<extract>' --template '<start> $A <extract>'
  --pair-template '<start> $A <delimiter> $B <extract>')
expect 0 "268 words in all" add --model "$scratch/gpt" "${start[@]}" --output-dir "$scratch/gpt_start"
show() { "$thaw" data --task classification --model "$scratch/gpt_start" --show 1 "$@" > "$scratch/log"; }
show --train-file "$scratch/train.tsv"
holds "$scratch/log" '^  <start> ' "what begins a text"
holds "$scratch/log" ' <extract>$' "what ends a text"
small_data "$scratch/pairs.tsv" 40 1 pair
show --train-file "$scratch/pairs.tsv" --text-pair-column other
grep -q '<delimiter>' "$scratch/log" || die "a pair: $(cat "$scratch/log")"
learn() {
  finetune_quietly "$1" --task classification --model "$scratch/gpt_start" --train-file "$scratch/train.tsv" \
    --num-train-epochs 8 --validation-file "$scratch/train.tsv" "${@:2}"
}
learn "$scratch/classes" --lm-weight 0.5
at_least "$(result "$scratch/classes" eval accuracy)" 0.9 "accuracy"
learn "$scratch/alone"
! cmp -s "$scratch/classes/model.safetensors" "$scratch/alone/model.safetensors" || die "--lm-weight changes nothing"
# Parts of a step add up to its loss; of the first ones weights are still alike.
learn "$scratch/whole" --lm-weight 0.5 --max-steps 1
learn "$scratch/micro" --lm-weight 0.5 --max-steps 1 --batch-tokens 200
same_results "$scratch/micro/train_results.json" "$scratch/whole/train_results.json" train_loss "parts of batches"
learn "$scratch/no_words" --max-steps 1
[ "$(result "$scratch/no_words" train train_loss)" != "$(result "$scratch/whole" train train_loss)" ] ||
  die "the loss of next tokens is no part of the loss"
expect 0 "low" "$thaw" predict --model "$scratch/classes" "$scratch/texts.txt"

# What is wrong.
bad() {
  expect "$1" "$2" add --model "$scratch/gpt" --output-dir "$scratch/none" "${@:3}"
  [ ! -e "$scratch/none" ] && [ ! -e "$scratch/none.tmp" ] || die "something was written: $(ls -d "$scratch"/none*)"
}
bad 2 "--tokens" --template 'a'
bad 1 'tokens "<|endoftext|>": is a token already (id 0)' --tokens '<|endoftext|>'
bad 1 'tokens "<a>": twice' --tokens '<a>' --tokens '<a>'
bad 1 'without blanks' --tokens 'a b'
bad 1 'need each other' --tokens '<a>' --template '<a> $A'
bad 1 '"<b>" is neither a text nor a token' --tokens '<a>' --template '<b> $A' --pair-template '$A $B'
bad 1 'was expected, once' --tokens '<a>' --template '<a>' --pair-template '$A $B'
expect 1 "reads in both directions" "$thaw" finetune --model "$scratch/model" --train-file "$scratch/train.tsv" \
  --lm-weight 0.5 --output-dir "$scratch/none"
echo "add-tokens: grown, read, taught to classify"
