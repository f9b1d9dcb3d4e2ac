#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures through the program: a new ViT learns colours from a folder, is stopped and resumed with the same bits,
# judged, tuned by an adapter that is merged, and predicts; messages speak of pictures, and name the one that is meant.
. "$(dirname "$0")/lib.bash"

# picture FILE RED GREEN BLUE SHADE: 8 x 8 pixels
picture() {
  mkdir -p "$(dirname "$1")"
  { printf 'P6\n8 8\n255\n'; for _ in $(seq 64); do
    printf "\\x$(printf %02x $(($2 * $5)))\\x$(printf %02x $(($3 * $5)))\\x$(printf %02x $(($4 * $5)))"
  done; } > "$1"
}
for shade in 90 110 130 150 170 190 210 230; do
  picture "$scratch/train/red/$shade.ppm" 1 0 0 $shade
  picture "$scratch/train/blue/$shade.ppm" 0 0 1 $shade
done
picture "$scratch/test/red/a.ppm" 1 0 0 140
picture "$scratch/test/blue/b.ppm" 0 0 1 140

new() { "$thaw" init --type vit --patch-size 4 --layers 2 --hidden-size 16 --heads 2 "$@"; }
expect 0 "it reads pictures" new --image-size 8 --output-dir "$scratch/model"
expect 0 "warning: patches of 4 x 4 do not divide pictures of 10 x 10: 2 of 10 rows and 2 of 10 columns of pixels are" \
  new --image-size 10 --output-dir "$scratch/uneven"
expect 0 "answers by chance" "$thaw" predict --model "$scratch/model" "$scratch/test/red/a.ppm"
learn() { finetune_quietly "$@" --task image-classification --train-file "$scratch/train" --eval-strategy no; }
steps=(--max-steps 40 --batch-size 8)
learn "$scratch/whole" "${steps[@]}" --test-file "$scratch/test" --save-strategy no
at_least "$(result "$scratch/whole" test accuracy)" 1 "accuracy"
holds "$scratch/log" '[0-9] patches/s)' "how fast it learnt"
# Those of 40 steps, and of the last one again: its loss is looked at before its weights are kept.
holds "$scratch/log" '^read ahead of training: 328 files, of which it waited for [0-9]*$' "what was read ahead"
[ -f "$scratch/whole/preprocessor_config.json" ] || die "how pictures are prepared is not saved"
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 15
rm -rf "$scratch/resumed/checkpoint-40" "$scratch/resumed"/model.safetensors
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 15 --resume
cmp -s "$scratch/whole/model.safetensors" "$scratch/resumed/model.safetensors" || die "a resumed run has other weights"

# A checksum of all pictures differs: the one that is newer than the checkpoint is named.
picture "$scratch/train/red/90.ppm" 1 0 0 91
touch -d '+1 minute' "$scratch/train/red/90.ppm"
expect 1 "newer than it: $scratch/train/red/90.ppm" "$thaw" finetune --model "$scratch/model" --output-dir \
  "$scratch/resumed" --task image-classification --train-file "$scratch/train" --eval-strategy no --save-steps 15 \
  --save-strategy steps --learning-rate 3e-3 "${steps[@]}" --resume
holds "$scratch/expect.err" 'pictures were checksum [0-9a-f]*, are checksum' "what differs"
picture "$scratch/train/red/90.ppm" 1 0 0 90

expect 0 "accuracy" "$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/test"
! grep -q 'by chance' "$scratch/expect.err" || die "a model that learnt answers by chance"
# The most wrong is named by table, line and file.
printf 'image\tlabel\n%s\tblue\n%s\tblue\n' test/red/a.ppm test/blue/b.ppm > "$scratch/wrong.tsv"
expect 0 "wrong.tsv:2, $scratch/test/red/a.ppm" "$thaw" evaluate --model "$scratch/whole" --test-file \
  "$scratch/wrong.tsv"
holds "$scratch/expect.out" 'what it is, what the model said; the picture$' "the most wrong"
holds "$scratch/expect.out" '"a picture of 2 x 2 patches of 4 x 4 pixels"$' "the most wrong"
expect 0 "$scratch/test/red/a.ppm: a picture of 2 x 2 patches of 4 x 4 pixels, label red" "$thaw" data --show 9 \
  --task image-classification --model "$scratch/whole" --train-file "$scratch/test"
expect 0 "pictures that train has too" "$thaw" data --task image-classification --train-file "$scratch/test" \
  --test-file "$scratch/wrong.tsv"
expect 0 "test: pictures that have another label elsewhere" "$thaw" data --task image-classification --train-file \
  "$scratch/test" --test-file "$scratch/wrong.tsv"
expect 0 "0 warnings" "$thaw" data --task image-classification --train-file "$scratch/train"
expect 0 "vit.encoder.layer.1" "$thaw" plan --task image-classification --model "$scratch/model" \
  --train-file "$scratch/train" --freeze 'vit.*'
holds "$scratch/expect.out" 'a step ([0-9]* patches on average)' "what a step is made of"
holds "$scratch/expect.out" 'runs once for each of 16 pictures' "what is kept"
[ "$("$thaw" predict --model "$scratch/whole" "$scratch/test/red/a.ppm" | cut -f1 | tail -n 1)" = red ] ||
  die "red is not told"
expect 0 "b.ppm" "$thaw" predict --model "$scratch/whole" "$scratch/test"
# Several at once, one each; of other files there is one.
predict() { "$thaw" predict --model "$scratch/whole" "$@"; }
[ "$(predict "$scratch/test/red/a.ppm" "$scratch/test/blue/b.ppm" --batch-size 1 | cut -f1 | tr '\n' ' ')" = \
  "label red blue " ] || die "two pictures"
expect 1 "wrong.tsv: is none of the pictures (.png" predict "$scratch/test/red/a.ppm" "$scratch/wrong.tsv"
expect 2 "--format: is that of a table" predict "$scratch/test/red/a.ppm" "$scratch/test/blue/b.ppm" --format lines
expect 2 "several, and the task classification reads one" "$thaw" predict --task classification --model \
  "$scratch/whole" a.tsv b.tsv

# Pictures that are not resized, of several sizes.
cp -r "$scratch/whole" "$scratch/as_they_are"
sed -i 's/"do_resize": true/"do_resize": false/' "$scratch/as_they_are/preprocessor_config.json"
{ printf 'P6\n12 8\n255\n'; head -c 288 /dev/zero; } > "$scratch/test/wide.ppm"
expect 0 "note: 1 of 3 pictures is seen in another size than 8 x 8, which the model's positions are made for" \
  "$thaw" predict --model "$scratch/as_they_are" "$scratch/test"
rm "$scratch/test/wide.ppm"

# Colours, where a model is for grey pictures.
new --image-size 8 --channels 1 --output-dir "$scratch/grey" > /dev/null
expect 1 "of colours, the model's are grey (num_channels 1): make it grey, or take a model with num_channels 3" \
  "$thaw" finetune --task image-classification --model "$scratch/grey" --train-file "$scratch/train" --output-dir \
  "$scratch/none"

# Labels that look like several; a run that is to be longer.
printf 'image\tlabel\n%s\tred|warm\n%s\tblue\n' test/red/a.ppm test/blue/b.ppm > "$scratch/joined.tsv"
hint='joined.tsv:2: 1 of 2 rows have a label with a "|", the first "red|warm": if that stands between several labels'
expect 0 "$hint" "$thaw" data --task image-classification --train-file "$scratch/joined.tsv"
finetune_quietly "$scratch/joined" --task image-classification --train-file "$scratch/joined.tsv" --max-steps 1
holds "$scratch/log" "$hint" "a hint"
finetune_quietly "$scratch/joined_sets" --task image-classification --train-file "$scratch/joined.tsv" --max-steps 1 \
  --label-separator '|'
! grep -q "if that stands" "$scratch/log" || die "a hint at what was given"
expect 0 micro_f1 "$thaw" evaluate --model "$scratch/joined_sets" --test-file "$scratch/joined.tsv"
longer=(--task image-classification --model "$scratch/model" --train-file "$scratch/train" --eval-strategy no
  --learning-rate 3e-3 --batch-size 8 --max-steps 50)
expect 1 "to train for longer, begin another run with the model of this one" "$thaw" finetune "${longer[@]}" \
  --save-strategy steps --save-steps 15 --output-dir "$scratch/resumed" --resume
expect 1 "(to train for longer: with --model $scratch/whole)" "$thaw" finetune "${longer[@]}" --save-strategy no \
  --test-file "$scratch/test" --output-dir "$scratch/whole" --resume-if-any

# An adapter beside its base, and both as one.
learn "$scratch/adapter" "${steps[@]}" --max-steps 5 --lora '' --save-strategy no
expect 0 "" "$thaw" merge --model "$scratch/adapter" --output-dir "$scratch/merged"
[ "$("$thaw" predict --model "$scratch/merged" "$scratch/test")" = \
  "$("$thaw" predict --model "$scratch/adapter" "$scratch/test")" ] || die "a merged model predicts otherwise"

echo "no picture" > "$scratch/train/red/none.ppm"
expect 1 "none.ppm: is no picture that can be read" "$thaw" finetune --task image-classification \
  --model "$scratch/model" --train-file "$scratch/train" --output-dir "$scratch/none"
expect 1 'read pictures, not sounds' "$thaw" finetune --task audio-classification --model "$scratch/model" \
  --train-file "$scratch/train" --output-dir "$scratch/none"
printf 'image\ttext\tlabel\ntest/red/a.ppm\tone\tred\ntest/blue/b.ppm\ttwo\tblue\n' > "$scratch/texts.tsv"
for task in classification mlm text-to-image vqa; do
  what=texts
  [ $task != vqa ] || what="questions about pictures"
  expect 1 "models of \"vit\" read pictures, not $what" "$thaw" finetune --task $task --model "$scratch/model" \
    --train-file "$scratch/texts.tsv" --output-dir "$scratch/none"
done
echo "files: pictures are learnt, resumed, judged, tuned, predicted, and refused where they are none"
