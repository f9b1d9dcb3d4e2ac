#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Questions about pictures through the program: a new ViLT learns two kinds of questions from a table, is stopped and
# resumed with the same bits, judged by people's answers too, tuned by an adapter that is merged, and predicts; bad
# files are one line.
. "$(dirname "$0")/lib.bash"

# picture FILE RED BLUE: 8 x 8 pixels
picture() {
  mkdir -p "$(dirname "$1")"
  { printf 'P6\n8 8\n255\n'; for _ in $(seq 64); do
    printf "\\x$(printf %02x "$2")\\x00\\x$(printf %02x "$3")"
  done; } > "$1"
}
# about PICTURE COLOUR OTHER: rows of a table
about() {
  printf '%s\twhat colour is it?\t%s\n' "$1" "$2"
  printf '%s\tis it %s?\tyes\n%s\tis it %s?\tno\n' "$1" "$2" "$1" "$3"
}
for shade in 90 130 170 210 140; do
  picture "$scratch/pictures/red_$shade.ppm" $shade 0
  picture "$scratch/pictures/blue_$shade.ppm" 0 $shade
  part=train
  [ $shade != 140 ] || part=test
  about "pictures/red_$shade.ppm" red blue >> "$scratch/$part.rows"
  about "pictures/blue_$shade.ppm" blue red >> "$scratch/$part.rows"
done
for part in train test; do { printf 'image\ttext\tlabel\n'; cat "$scratch/$part.rows"; } > "$scratch/$part.tsv"; done
mkdir "$scratch/words"
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' what colour is it red blue '?' > "$scratch/words/vocab.txt"

sizes=(--image-size 8 --patch-size 4 --layers 2 --hidden-size 16 --heads 2)
expect 0 "12 tokens" "$thaw" init --type vilt --tokenizer "$scratch/words" "${sizes[@]}" --output-dir "$scratch/model"
for file in preprocessor_config.json vocab.txt; do [ -f "$scratch/model/$file" ] || die "no $file is made"; done
expect 2 "--tokenizer" "$thaw" init --type vilt "${sizes[@]}" --output-dir "$scratch/none"

learn() { finetune_quietly "$@" --task vqa --train-file "$scratch/train.tsv" --eval-strategy no; }
steps=(--max-steps 120 --batch-size 8 --learning-rate 1e-2)
learn "$scratch/whole" "${steps[@]}" --test-file "$scratch/test.tsv" --save-strategy no
at_least "$(result "$scratch/whole" test accuracy)" 0.9 "accuracy"
for file in preprocessor_config.json vocab.txt; do [ -f "$scratch/whole/$file" ] || die "no $file is saved"; done
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 50
rm -rf "$scratch/resumed/checkpoint-120" "$scratch/resumed"/model.safetensors
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 50 --resume
same_weights "$scratch/whole" "$scratch/resumed" "a resumed run has other weights"

expect 0 "accuracy" "$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/test.tsv"
# Names of columns are kept for evaluations and predictions.
for part in train test; do sed '1s/.*/file\tquestion\tanswer/' "$scratch/$part.tsv" > "$scratch/named_$part.tsv"; done
finetune_quietly "$scratch/named" --task vqa --train-file "$scratch/named_train.tsv" --max-steps 1 --batch-size 8 \
  --eval-strategy no --save-strategy no --image-column file --text-column question --label-column answer
expect 0 "accuracy" "$thaw" evaluate --model "$scratch/named" \
  --test-file "$scratch/named_test.tsv"
expect 0 "" "$thaw" predict --model "$scratch/named" "$scratch/named_test.tsv"
printf 'image\ttext\tlabel\npictures/red_140.ppm\twhat colour is it?\tred|red|red|purple\n' > "$scratch/people.tsv"
expect 0 "0.9" "$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/people.tsv" --label-separator '|'
# A question without an answer that the model knows is judged, and is of no class.
{ cat "$scratch/people.tsv"; printf 'pictures/red_140.ppm\twhat colour is it?\tpurple|mauve\n'; } \
  > "$scratch/unknown.tsv"
status=0
"$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/unknown.tsv" --label-separator '|' \
  --confusion "$scratch/c.svg" --output "$scratch/judged.json" > "$scratch/log" 2>&1 || status=$?
[ $status = 1 ] || die "status $status: $(cat "$scratch/log")"
holds "$scratch/log" "^thaw: --confusion $scratch/c.svg: is not drawn: there are examples of none of the" "no matrix"
[ ! -e "$scratch/c.svg" ] && [ -f "$scratch/judged.json" ] || die "what is written where no matrix is drawn"
expect 0 "the most frequent" "$thaw" data --task vqa --model "$scratch/model" --train-file "$scratch/train.tsv"
expect 0 "vilt.encoder.layer.1" "$thaw" plan --task vqa --model "$scratch/model" --train-file "$scratch/train.tsv"
expect 0 "vilt.encoder.layer.1" "$thaw" plan --task vqa --model "$scratch/whole"
[ "$("$thaw" predict --model "$scratch/whole" "$scratch/test.tsv" | sed -n 5p | cut -f1,3,4)" = \
  "$(printf 'blue\tpictures/blue_140.ppm\twhat colour is it?')" ] || die "blue is not told"
expect 0 '"yes":' "$thaw" predict --model "$scratch/whole" --output-format jsonl --probabilities "$scratch/test.tsv"

# An adapter beside its base, behind a frozen part that is kept, and both as one.
learn "$scratch/adapter" --max-steps 5 --lora '' --save-strategy no
expect 0 "" "$thaw" merge --model "$scratch/adapter" --output-dir "$scratch/merged"
[ "$("$thaw" predict --model "$scratch/merged" "$scratch/test.tsv")" = \
  "$("$thaw" predict --model "$scratch/adapter" "$scratch/test.tsv")" ] || die "a merged model predicts otherwise"
[ -f "$scratch/merged/preprocessor_config.json" ] || die "a merged model lacks its image processor"
learn "$scratch/head" --max-steps 5 --freeze 'vilt.*' --save-strategy no
holds "$scratch/log" "kept" "a frozen part that is not kept"

# bad TEXT ROW: an error of one line.
bad() {
  printf 'image\ttext\tlabel\npictures/red_90.ppm\tis it red?\tyes\n%b\n' "$2" > "$scratch/bad.tsv"
  expect 1 "$1" "$thaw" finetune --task vqa --model "$scratch/model" --train-file "$scratch/bad.tsv" \
    --output-dir "$scratch/none"
}
echo "no picture" > "$scratch/pictures/none.ppm"
bad "bad.tsv:3: $scratch/pictures/none.ppm: is no picture that can be read" 'pictures/none.ppm\tis it red?\tno'
bad 'bad.tsv:3: the path is empty' '\tis it red?\tno'
bad 'bad.tsv:3: the answer is empty' 'pictures/red_90.ppm\tis it red?\t'
bad 'bad.tsv:3: 2 fields, the header has 3' 'pictures/red_90.ppm\tis it red?'
expect 1 'unknown label "red|red|red|purple"' "$thaw" evaluate --model "$scratch/whole" \
  --test-file "$scratch/people.tsv"
expect 1 'read questions about pictures, not texts' "$thaw" finetune --task classification --model "$scratch/model" \
  --train-file "$scratch/train.tsv" --output-dir "$scratch/none"
echo '{"image_processor_type": "ViltImageProcessor", "image_mean": [0.5]}' > "$scratch/whole/preprocessor_config.json"
expect 1 preprocessor_config.json "$thaw" predict --model "$scratch/whole" "$scratch/test.tsv"
echo "vqa: questions about pictures are learnt, resumed, judged, tuned, predicted, and refused where they are bad"
