#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pairs of pictures and texts through the program: a new CLIP learns colours by their captions, is stopped and resumed
# with the same bits, judged, tuned by an adapter that is merged, and finds pictures and texts; a dual encoder and a
# model of speech and texts begin with models that are there.
. "$(dirname "$0")/lib.bash"

# picture FILE RED GREEN BLUE SHADE: 8 x 8 pixels
picture() {
  mkdir -p "$(dirname "$1")"
  { printf 'P6\n8 8\n255\n'; for _ in $(seq 64); do
    printf "\\x$(printf %02x $(($2 * $5)))\\x$(printf %02x $(($3 * $5)))\\x$(printf %02x $(($4 * $5)))"
  done; } > "$1"
}
table="$scratch/train.tsv"
printf 'image\ttext\n' > "$table"
for colour in "red 1 0 0" "green 0 1 0" "blue 0 0 1" "yellow 1 1 0"; do
  read -r name rgb <<< "$colour"
  for shade in "dark 80" "plain 160" "light 240"; do
    read -r word number <<< "$shade"
    picture "$scratch/pictures/$word$name.ppm" $rgb "$number"
    printf '%s\t%s\n' "pictures/$word$name.ppm" "a $word $name picture" >> "$table"
  done
done
tail -n +2 "$table" | cut -f2 > "$scratch/texts.txt"

expect 0 "CLIPModel with random weights" "$thaw" init --type clip --files "$scratch/texts.txt" --vocab-size 40 \
  --image-size 8 --patch-size 4 --layers 2 --hidden-size 16 --heads 2 --positions 24 --projection-size 8 \
  --output-dir "$scratch/model"
learn() { finetune_quietly "$@" --task image-text --train-file "$table" --eval-strategy no; }
steps=(--max-steps 150 --batch-size 12)
learn "$scratch/whole" "${steps[@]}" --test-file "$table" --save-strategy no
holds "$scratch/log" "pictures and texts in one space (vectors of 8 numbers)" "what is learnt"
at_least "$(result "$scratch/whole" test image_to_text_recall_at_1)" 0.7 "recall of texts"
at_least "$(result "$scratch/whole" test text_to_image_recall_at_1)" 0.7 "recall of pictures"
for file in preprocessor_config.json tokenizer_config.json; do
  [ -f "$scratch/whole/$file" ] || die "$file is not saved"
done
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 60
rm -rf "$scratch/resumed/checkpoint-150" "$scratch/resumed"/model.safetensors
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 60 --resume
same_weights "$scratch/whole" "$scratch/resumed" "a resumed run has other weights"
rm -rf "$scratch/resumed/checkpoint-150" "$scratch/resumed"/model.safetensors
expect 1 "batch-tokens was 0, is 64" "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/resumed" \
  --learning-rate 3e-3 "${steps[@]}" --save-strategy steps --save-steps 60 --task image-text --train-file "$table" \
  --eval-strategy no --resume --batch-tokens 64

expect 0 "text_to_image_recall_at_5" "$thaw" evaluate --model "$scratch/whole" --test-file "$table"
expect 0 "0 warnings" "$thaw" data --task image-text --model "$scratch/model" --train-file "$table"
expect 0 "pictures that train has too" "$thaw" data --task image-text --train-file "$table" --test-file "$table"
expect 0 "text_model.encoder.layers.1" "$thaw" plan --task image-text --model "$scratch/model" --train-file "$table"
# A tower that is locked runs once.
locked=(--freeze 'text_model.*' --freeze 'text_projection*')
expect 0 "runs once for each of 12 texts" "$thaw" plan --task image-text --model "$scratch/model" \
  --train-file "$table" "${locked[@]}"
! grep -q 'but reads* what' "$scratch/expect.err" || die "a locked side reads nothing of the other one"

# Texts as candidates of pictures, pictures as candidates of texts, pairs.
predict() { "$thaw" predict --model "$scratch/whole" "$@"; }
predict "$scratch/pictures" --candidates "$scratch/texts.txt" > "$scratch/named.tsv"
[ "$(awk -F'\t' 'NR > 1 { t = $1; gsub(/^a | picture$| /, "", t); n += index($3, t) > 0 } END { print n }' \
  "$scratch/named.tsv")" -ge 8 ] || die "pictures are not named: $(cat "$scratch/named.tsv")"
expect 0 "lightred.ppm" predict "$scratch/texts.txt" --candidate-image "$table"
[ "$(predict "$scratch/texts.txt" --candidate-image "$table" --top 3 | wc -l)" = 37 ] || die "three of each"
expect 0 '"cosine"' predict "$table" --output-format jsonl
expect 2 "--candidate-image: not with --candidates" predict "$table" --candidates "$scratch/texts.txt" \
  --candidate-image "$table"
printf 'a\n\nb\n' > "$scratch/gap.txt"
expect 1 "$scratch/gap.txt:2: there is no text" predict "$table" --candidates "$scratch/gap.txt"
expect 2 "--top: needs --candidates or --candidate-image" predict "$table" --top 2
expect 0 "12 rows of 8 numbers" "$thaw" embed --model "$scratch/whole" "$scratch/texts.txt" --output "$scratch/t.npy"
expect 0 "12 rows of 8 numbers" "$thaw" embed --model "$scratch/whole" --of files "$table" --output "$scratch/i.npy"
embed_nothing() { "$thaw" embed --model "$scratch/whole" --output "$scratch/none.npy" "$@"; }
expect 2 "--file-column: is for --of files" embed_nothing "$scratch/texts.txt" --file-column image
expect 2 "--text-column: is for texts, not for --of files" embed_nothing --of files "$table" --text-column text
expect 2 "--max-length: is for texts, not for --of files" embed_nothing --of files "$table" --max-seq-length 8
expect 2 "--pooling" "$thaw" embed --model "$scratch/whole" --pooling mean "$scratch/texts.txt" \
  --output "$scratch/none.npy"

# An adapter beside its base, and both as one.
learn "$scratch/adapter" "${steps[@]}" --max-steps 5 --lora '' --save-strategy no
expect 0 "" "$thaw" merge --model "$scratch/adapter" --output-dir "$scratch/merged"
merged=$("$thaw" predict --model "$scratch/merged" "$table")
[ "$merged" = "$("$thaw" predict --model "$scratch/adapter" "$table")" ] ||
  die "a merged model predicts otherwise"

# Two models that are there: the tower of one, and a BERT.
mv "$scratch/model" "$scratch/clip"
small_model
expect 0 "new: visual_projection.weight" "$thaw" init --type vision-text-dual-encoder --image-model "$scratch/clip" \
  --text-model "$scratch/model" --projection-size 8 --output-dir "$scratch/dual"
expect 2 "--text-model" "$thaw" init --type speech-text --audio-model "$scratch/clip" --output-dir "$scratch/none"
expect 2 "--projection-size" "$thaw" init --type vit --projection-size 8 --output-dir "$scratch/none"
expect 1 "read pictures, not sounds" "$thaw" init --type speech-text --audio-model "$scratch/clip" \
  --text-model "$scratch/model" --output-dir "$scratch/none"
mv "$scratch/model" "$scratch/bert"
mv "$scratch/dual" "$scratch/model"
learn "$scratch/locked" --max-steps 3 --batch-size 12 --freeze 'vision_model.*' --save-strategy no
expect 1 'models of "bert" do not put pictures and texts into one space' "$thaw" finetune --task image-text \
  --model "$scratch/bert" --train-file "$table" --output-dir "$scratch/none"
echo "pairs: learnt, resumed, judged, tuned, found both ways, begun with two models"
