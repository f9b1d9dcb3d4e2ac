#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# New models through the program: of each family with a tokenizer that is there or trained at once, the same bits for
# the same seed; they are trained like any other; what is wrong is one line, and nothing is written.
. "$(dirname "$0")/lib.bash"
corpus=$source_dir/tests/models/text/training_cases/corpus.txt
small=(--layers 2 --hidden-size 16 --heads 2)

"$thaw" tokenizer train --type wordpiece --vocab-size 400 --files "$corpus" --output-dir "$scratch/words" > /dev/null
init() { "$thaw" init "$@"; }
expect 0 "bert: BertForMaskedLM with random weights (seed 42), " init --type bert --tokenizer "$scratch/words" \
  "${small[@]}" --positions 40 --dropout 0 --output-dir "$scratch/bert"
for file in tokenizer.json vocab.txt; do
  cmp -s "$scratch/words/$file" "$scratch/bert/$file" || die "$file is another"
done
config=$scratch/bert/config.json
holds "$config" '"vocab_size": 400' "the vocabulary's size"
holds "$config" '"intermediate_size": 64' "four states"
holds "$config" '"hidden_dropout_prob": 0' "dropout"
holds "$config" '"architectures": \["BertForMaskedLM"\]\|"BertForMaskedLM"' "what it is"

# What is said of it is so: embeddings 400 + 40 + 2 rows, two layers, a head.
layer=$((4 * (16 * 16 + 16) + 2 * 16 * 64 + 64 + 16 + 4 * 16))
parameters=$(((400 + 40 + 2 + 2) * 16 + 2 * layer + 16 * 16 + 3 * 16 + 400))
expect 0 "$parameters parameters, " init --type bert --tokenizer "$scratch/words" "${small[@]}" --positions 40 \
  --dropout 0 --output-dir "$scratch/again"
diff -r "$scratch/bert" "$scratch/again" > "$scratch/log" || die "the same seed: $(cat "$scratch/log")"
init --type bert --tokenizer "$scratch/words" "${small[@]}" --positions 40 --dropout 0 --seed 43 \
  --output-dir "$scratch/other" > /dev/null
! cmp -s "$scratch/bert/model.safetensors" "$scratch/other/model.safetensors" || die "another seed gives the same"
expect 0 "$parameters numbers, " "$thaw" inspect "$scratch/bert"

# A new model is a model: learnt from without --from-scratch, which gives the same bits.
head -n 40 "$corpus" > "$scratch/texts.txt"
learn() {
  finetune_quietly "$1" --model "$scratch/bert" --task mlm --train-file "$scratch/texts.txt" --max-steps 2 "${@:2}"
}
learn "$scratch/run"
learn "$scratch/scratch" --from-scratch
same_weights "$scratch/run" "$scratch/scratch" "weights from scratch are others"

# A tokenizer that is trained at once is the one that `thaw tokenizer train` makes.
expect 0 "303 tokens" init --type t5 --files "$corpus" --vocab-size 203 "${small[@]}" --activation gated-gelu \
  --output-dir "$scratch/deep/t5"
"$thaw" tokenizer train --type unigram --vocab-size 203 --files "$corpus" --output-dir "$scratch/pieces" > /dev/null
cmp -s "$scratch/pieces/spiece.model" "$scratch/deep/t5/spiece.model" || die "another tokenizer"
awk '{ print $0 "\t" NR % 2 }' "$corpus" | sed '1s/.*/source\ttarget/' > "$scratch/pairs.tsv"
finetune_quietly "$scratch/t5" --model "$scratch/deep/t5" --task text2text --train-file "$scratch/pairs.tsv" \
  --max-steps 2

# MPNet's own tokens stand first, its padding at 1, and texts begin at position 2.
expect 0 "mpnet: MPNetForMaskedLM with random weights (seed 42), " init --type mpnet --files "$corpus" \
  --vocab-size 300 "${small[@]}" --positions 40 --output-dir "$scratch/mpnet"
[ "$(head -n 5 "$scratch/mpnet/vocab.txt" | tr '\n' ' ')" = "<s> <pad> </s> [UNK] <mask> " ] || die "other tokens"
holds "$scratch/mpnet/config.json" '"max_position_embeddings": 42' "positions for a text of 40 tokens"
holds "$scratch/mpnet/config.json" '"pad_token_id": 1' "the padding"
finetune_quietly "$scratch/masked" --model "$scratch/mpnet" --task mlm --train-file "$scratch/texts.txt" --max-steps 2

# A body that reads no texts has no tokenizer.
parameters=$((2 * (2 * 64 * 16 + 6 * 64 + 2 * 16)))
expect 0 "lstm: LSTM with random weights (seed 42), $parameters parameters, 0.0 MB; it reads rows, no texts" \
  init --type lstm --layers 2 --hidden-size 16 --output-dir "$scratch/lstm"
init --type lstm --layers 2 --hidden-size 16 --output-dir "$scratch/lstm_again" > /dev/null
diff -r "$scratch/lstm" "$scratch/lstm_again" > "$scratch/log" || die "the same seed: $(cat "$scratch/log")"
[ "$(ls "$scratch/lstm" | tr '\n' ' ')" = "config.json model.safetensors " ] || die "$(ls "$scratch/lstm")"
expect 1 'models of "lstm" read no texts' "$thaw" plan --model "$scratch/lstm" --train-file "$scratch/pairs.tsv"

# What is wrong.
bad() {
  expect "$1" "$2" init --output-dir "$scratch/none" "${@:3}"
  [ ! -e "$scratch/none" ] && [ ! -e "$scratch/none.tmp" ] || die "something was written: $(ls -d "$scratch"/none*)"
}
bert=(--type bert --tokenizer "$scratch/words")
bad 2 "--type: one of " --type bort --tokenizer "$scratch/words"
bad 2 "--hidden-size 16: 3 heads do not divide it" "${bert[@]}" --hidden-size 16 --heads 3
bad 2 "--hidden-size 100: is no multiple of 64" "${bert[@]}" --hidden-size 100
bad 2 "--layers: a whole number from 1 to" "${bert[@]}" --layers 0
bad 2 "--dropout: a number of at least 0" "${bert[@]}" --dropout 1
bad 2 "--initializer-range 0.1: the config.json of a clip has none" --type clip --tokenizer "$scratch/words" \
  --initializer-range 0.1
bad 2 "--tokenizer: either a directory" --type bert
bad 2 "--tokenizer: either a directory" "${bert[@]}" --files "$corpus"
bad 2 "--vocab-size: a new tokenizer needs it" --type bert --files "$corpus"
bad 2 "--vocab-size: is for --files" "${bert[@]}" --vocab-size 300
bad 2 "--positions 512: a T5 has none" --type t5 --tokenizer "$scratch/pieces" --positions 512
bad 2 "--positions 4: a ViT has them for its patches" --type vit --positions 4
bad 2 "--positions 4: a ViViT has them for its patches" --type vivit --positions 4
bad 2 '--activation glu: activation "glu" is not supported; there are ' "${bert[@]}" "${small[@]}" --activation glu
bad 2 '--activation glu: activation "glu" is not supported; there are ' --type t5 --tokenizer "$scratch/pieces" \
  --activation glu
bad 2 "--hidden-size 2000000000: --intermediate-size: expected an integer from 1 to " "${bert[@]}" \
  --hidden-size 2000000000
bad 2 "--hidden-size 2000000000: expected an integer from 1 to " --type lstm --hidden-size 2000000000
bad 1 "the tokenizer has no padding token, which a BERT needs" --type bert "${small[@]}" --files "$corpus" \
  --vocab-size 300 --tokenizer-type bpe
bad 1 "the tokenizer's padding is token 0: that of an MPNet is token 1" --type mpnet --tokenizer "$scratch/words"
bad 2 "--tokenizer: is for models of texts, which lstm is none of" --type lstm --tokenizer "$scratch/words"
bad 2 "--heads 4: an LSTM has none" --type lstm --heads 4
bad 2 "--hidden-size 1: one number has no variance" --type lstm --hidden-size 1
bad 1 "$scratch/nothing" --type bert --tokenizer "$scratch/nothing"
mkdir "$scratch/there"
expect 1 "there: is there already" init "${bert[@]}" --output-dir "$scratch/there"
bad 1 "thaw: a model of " "${bert[@]}" --layers 10000 --hidden-size 65536
echo "init: new models of each family, trained, refused"
