#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Models that are not as a first look has it: without names of labels, without some tensors, with NaN in them, for
# regression with several outputs, with one segment type; an encoder by itself. Each predicts what it was trained for,
# or says in one line why it cannot.
. "$(dirname "$0")/lib.bash"
small_model
model=$scratch/model
export LC_ALL=C

# variant NAME [SED...]: a copy of the model whose config.json went through sed.
variant() {
  local name=$1 script
  shift
  rm -rf "${scratch:?}/$name"
  cp -r "$model" "$scratch/$name"
  for script in "$@"; do sed -i "$script" "$scratch/$name/config.json"; done
}
multi='s/"model_type"/"problem_type": "multi_label_classification", &/'
regression='s/"model_type"/"problem_type": "regression", &/'

predict() { echo "word6 word7" | "$thaw" predict --model "$scratch/$1" "${@:2}"; }
# has_header NAMES MODEL OPTIONS...: the answers begin with these names of columns.
has_header() {
  local got
  got=$(predict "${@:2}" 2> "$scratch/note" | head -n 1 | tr '\t' ' ') && [ "$got" = "$1" ] ||
    die "the header of $2: $got $(cat "$scratch/note")"
}
# has_jsonl PATTERN MODEL OPTIONS...: an answer in JSONL matches.
has_jsonl() {
  predict "${@:2}" --output-format jsonl > "$scratch/answers"
  holds "$scratch/answers" "$1" "$2 in JSONL"
}

# Without id2label: LABEL_0, LABEL_1, ..., as many as the classifier has, in every form of output and type of problem.
no_names='/"id2label"/,/}/d; /"label2id"/,/}/d'
variant nameless "$no_names"
[ "$(predict nameless)" = "$(predict model)" ] || die "a model without names: $(predict nameless 2>&1)"
has_header "label probability LABEL_0 LABEL_1 LABEL_2 LABEL_3 text" nameless --probabilities
has_jsonl '"label": "LABEL_[0-3]"' nameless
variant several "$no_names" "$multi"
has_jsonl '"LABEL_3": [0-9.]*}' several --probabilities

# Names that are numbers, or of other numbers than the classes.
variant numbers '/"id2label"/,/}/s/"LABEL_\([0-9]\)"/\1/'
has_header "label probability 0 1 2 3 text" numbers --probabilities
variant gap '/"id2label"/,/}/ { s/"3": "LABEL_3"/"4": "d"/; s/"2": "LABEL_2"/"3": "c"/
  s/"1": "LABEL_1"/"2": "b"/; s/"0": "LABEL_0"/"1": "a"/ }'
has_header "label probability LABEL_0 a b c text" gap --probabilities
holds "$scratch/note" '^note: .*gap/config.json: id2label: .*"d" (4) is the name of no class' "classes 1 to 4"

# Regression with several outputs gives them all.
variant outputs "$regression"
has_header "LABEL_0 LABEL_1 LABEL_2 LABEL_3 text" outputs
predict outputs | tail -n 1 | awk -F'\t' '{ exit NF != 5 }' || die "the row of four outputs"
has_jsonl '"values": {"LABEL_0": [-0-9.e]*, .*"LABEL_3": [-0-9.e]*}' outputs

# Tensors that are not there, or not finite. (Renamed in the header, and the first number of the data overwritten.)
for tensor in classifier.bias bert.pooler.dense.weight; do
  variant lacking
  sed -i "s/\"$tensor\"/\"${tensor%?}X\"/" "$scratch/lacking/model.safetensors"
  expect 1 "lacks $tensor" predict lacking
done
variant headless
sed -i 's/"classifier.bias"/"classifier.biaX"/; s/"classifier.weight"/"classifier.weighX"/' \
  "$scratch/headless/model.safetensors"
expect 1 "has no trained head for whole texts (without classifier.weight, classifier.bias" predict headless
variant nan
header=$(od -An -tu8 -N8 "$model/model.safetensors" | tr -d ' ')
printf '\0\0\300\177' | dd of="$scratch/nan/model.safetensors" bs=1 seek=$((8 + header)) conv=notrunc status=none
small_data "$scratch/train.tsv" 20 1
for format in tsv jsonl; do expect 1 "holds NaN or infinity" predict nan --output-format $format; done
expect 1 "holds NaN or infinity" "$thaw" plan --model "$scratch/nan"
expect 1 "holds NaN or infinity" "$thaw" finetune --model "$scratch/nan" --train-file "$scratch/train.tsv" \
  --output-dir "$scratch/nan_run" --max-steps 1
"$thaw" inspect "$scratch/nan" | tail -n 1 > "$scratch/out"
holds "$scratch/out" '^1 numbers are not finite, the first in ' "inspect"

# Pairs: as many names as fields in the header, in JSON the same names.
printf 'premise\thypothesis\nword6\tword7\n' > "$scratch/pairs.tsv"
named=(--text-column premise --text-pair-column hypothesis)
pairs() { "$thaw" predict --model "$model" "$scratch/pairs.tsv" "${named[@]}" "$@"; }
pairs > "$scratch/out"
awk -F'\t' 'NR == 1 { ok = $0 == "label\tprobability\tpremise\thypothesis" } NR == 2 { ok = ok && NF == 4 }
  END { exit !ok }' "$scratch/out" || die "pairs: $(cat "$scratch/out")"
pairs --output-format jsonl | grep -q '^{"premise": "word6", "hypothesis": "word7", "label": ' || die "pairs in JSONL"
printf 'value\tlabel\nword6\tword7\n' > "$scratch/odd_names.tsv"
"$thaw" predict --model "$model" "$scratch/odd_names.tsv" --text-column value --text-pair-column label \
  --output-format jsonl > "$scratch/out"
holds "$scratch/out" '^{"text": "word6", "text_pair": "word7", "label": "LABEL' "columns with names of the output"

# What inspect shows is what a freezing rule knows, though the file has other names.
variant old
sed -i 's/LayerNorm\.weight"/LayerNorm.gamma" /g; s/LayerNorm\.bias"/LayerNorm.beta"/g' "$scratch/old/model.safetensors"
names() { "$thaw" inspect "$scratch/$1" --names-only --pattern "$2" | sed '1d; $d'; }
[ "$(names old '*LayerNorm.weight' | wc -l)" = "$(names model '*LayerNorm.weight' | wc -l)" ] ||
  die "old names: $(names old '*')"
names old '*LayerNorm.gamma' > "$scratch/out"
holds "$scratch/out" '^bert.embeddings.LayerNorm.weight .* bert.embeddings.LayerNorm.gamma$' "the file's own names"
names model '*' | grep -q 'LayerNorm.*LayerNorm' && die "the same name twice"
expect 1 "near names: bert.embeddings." "$thaw" plan --model "$model" --freeze 'embeddings.*'

# A tokenizer that adds no tokens of its own leaves a blank text none: refused where the file is read, not in training.
variant bare
{
  printf '{"added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "BertPreTokenizer"}, '
  printf '"post_processor": null, "decoder": null, "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {'
  awk '{ printf("%s\"%s\": %d", (NR > 1 ? ", " : ""), $0, NR - 1) }' "$model/vocab.txt"
  printf '}}}\n'
} > "$scratch/bare/tokenizer.json"
echo '{"tokenizer_class": "PreTrainedTokenizerFast"}' > "$scratch/bare/tokenizer_config.json"
predict bare > "$scratch/note" || die "a tokenizer without a template"
{ cat "$scratch/train.tsv"; printf '  \tlow\n'; } > "$scratch/blank.tsv"
expect 1 "blank.tsv:22: the text has no tokens" "$thaw" predict --model "$scratch/bare" "$scratch/blank.tsv"
for split in train validation test; do
  files=(--train-file "$scratch/train.tsv")
  [ $split = train ] && files=()
  expect 1 "blank.tsv:22: the text has no tokens" "$thaw" finetune --model "$scratch/bare" "${files[@]}" \
    --$split-file "$scratch/blank.tsv" --output-dir "$scratch/bare_run" --max-steps 1 --save-strategy no
done
"$thaw" data --model "$scratch/bare" --train-file "$scratch/blank.tsv" > "$scratch/note" || true
no_token='texts without a token (an error in training)'
holds "$scratch/note" "^warning: train: $no_token: 1, the first .*blank.tsv:22" "data"

# Labels that TSV cannot tell from several, or from the other columns.
variant bar "$multi" 's/"LABEL_1"/"a|b"/'
predict bar 2> "$scratch/note" > "$scratch/out"
holds "$scratch/note" '^warning: the label "a|b" has the "|"' "a label with |"
[ -z "$(predict bar --output-format jsonl 2>&1 > "$scratch/out")" ] || die "a warning for JSONL"
variant columns "$regression" 's/"LABEL_1"/"text"/'
has_header "LABEL_0 text LABEL_2 LABEL_3 text_" columns

# More names than the classifier has rows.
variant fewer 's/"model_type"/"num_labels": 3, &/'
expect 1 "config.json gives 3 labels (num_labels before id2label and label2id), the weights are for 4" predict fewer
expect 1 'it is no safetensors file, but looks like a text that begins with "[PAD]"' "$thaw" inspect "$model/vocab.txt"
echo "odd models: as they must be"
