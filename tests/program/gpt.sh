#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# GPT through the program: new models of both families learn classes, with all of them or by adapters, predict, give
# vectors, and what is kept of a frozen part changes nothing; what they cannot do is one line.
. "$(dirname "$0")/lib.bash"
corpus=$source_dir/tests/models/text/training_cases/corpus.txt
small=(--layers 2 --hidden-size 16 --heads 2 --positions 48)
words=400
small_data "$scratch/train.tsv" 24 1
small_data "$scratch/valid.tsv" 12 2

learn() {
  local out=$1 model=$2
  finetune_quietly "$out" --model "$model" --task classification --train-file "$scratch/train.tsv" "${@:3}"
}
predicts() { echo "word7 word8" | expect 0 "word7 word8" "$thaw" predict --model "$1" -; }
for type in gpt2 openai-gpt; do
  model=$scratch/$type
  expect 0 "$([ $type = gpt2 ] && echo GPT2LMHeadModel || echo OpenAIGPTLMHeadModel) with random weights" \
    "$thaw" init --type $type --files "$corpus" --vocab-size 400 "${small[@]}" --output-dir "$model"
  learn "$scratch/all_$type" "$model" --num-train-epochs 2 --validation-file "$scratch/valid.tsv"
  holds "$scratch/all_$type/config.json" '"pad_token_id": [0-9]' "what pads texts for other libraries"
  predicts "$scratch/all_$type"
  expect 1 "models of \"$type\" write no texts for texts, those of T5 and encoder-decoders do; language models" \
    "$thaw" generate --model "$scratch/all_$type" word7
  expect 0 "accuracy" "$thaw" evaluate --model "$scratch/all_$type" --test-file "$scratch/valid.tsv"

  # Words that only the frozen body could say better are learnt by nobody.
  learn "$scratch/words_$type" "$model" --max-steps 1 --freeze 'transformer.*' --lm-weight 0.5
  holds "$scratch/log" 'warning: --lm-weight: nothing but the head is trained' "$type: a frozen body"
  learn "$scratch/words_lora_$type" "$model" --max-steps 1 --lora '' --lm-weight 0.5
  ! grep -q 'warning: --lm-weight' "$scratch/log" || die "$type: adapters learn words"

  # A frozen body is computed once for a text; kept or not, the same is learnt.
  head=(--num-train-epochs 2 --freeze 'transformer.*')
  learn "$scratch/kept_$type" "$model" "${head[@]}"
  holds "$scratch/log" 'runs once for each of' "$type: a frozen body is kept"
  learn "$scratch/anew_$type" "$model" "${head[@]}" --cache-memory 0
  ! grep -q 'runs once for each of' "$scratch/log" || die "$type: nothing should be kept"
  same_weights "$scratch/kept_$type" "$scratch/anew_$type" "$type: what is kept of the body"
  # Beside classes next tokens: what is kept is the rows of all tokens.
  learn "$scratch/kept_words_$type" "$model" "${head[@]}" --lm-weight 0.5
  holds "$scratch/log" 'runs once for each of' "$type: a frozen body is kept beside next tokens"
  learn "$scratch/anew_words_$type" "$model" "${head[@]}" --lm-weight 0.5 --cache-memory 0
  same_weights "$scratch/kept_words_$type" "$scratch/anew_words_$type" "$type: what is kept beside next tokens"

  learn "$scratch/lora_$type" "$model" --max-steps 3 --rule 'lora r=2' --save adapter
  holds "$scratch/lora_$type/adapter_config.json" '"fan_in_fan_out": true' "how the base stores its weights"
  predicts "$scratch/lora_$type"
  learn "$scratch/behind_$type" "$model" --max-steps 3 --rule 'prefix n=3' --rule 'prompt n=2'
  predicts "$scratch/behind_$type"
done

expect 1 "no head for masked words" "$thaw" finetune --model "$scratch/gpt2" --task mlm --train-file "$corpus" \
  --output-dir "$scratch/none"
echo "gpt: both families learn classes, by adapters too, and are kept frozen"
