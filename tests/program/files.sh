#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures and sounds through the program: a new ViT learns colours from a folder, is stopped and resumed with the same
# bits, judged, tuned by an adapter that is merged, and predicts; a sound is refused by a model of pictures.
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

expect 0 "it reads pictures" "$thaw" init --type vit --image-size 8 --patch-size 4 --layers 2 --hidden-size 16 \
  --heads 2 --output-dir "$scratch/model"
learn() { finetune_quietly "$@" --task image-classification --train-file "$scratch/train" --eval-strategy no; }
steps=(--max-steps 40 --batch-size 8)
learn "$scratch/whole" "${steps[@]}" --test-file "$scratch/test" --save-strategy no
at_least "$(result "$scratch/whole" test accuracy)" 1 "accuracy"
holds "$scratch/log" '^read ahead of training: 320 files, of which it waited for [0-9]*$' "what was read ahead"
[ -f "$scratch/whole/preprocessor_config.json" ] || die "how pictures are prepared is not saved"
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 15
rm -rf "$scratch/resumed/checkpoint-40" "$scratch/resumed"/model.safetensors
learn "$scratch/resumed" "${steps[@]}" --save-strategy steps --save-steps 15 --resume
cmp -s "$scratch/whole/model.safetensors" "$scratch/resumed/model.safetensors" || die "a resumed run has other weights"

expect 0 "accuracy" "$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/test"
expect 0 "0 warnings" "$thaw" data --task image-classification --train-file "$scratch/train"
expect 0 "vit.encoder.layer.1" "$thaw" plan --task image-classification --model "$scratch/model" \
  --train-file "$scratch/train"
[ "$("$thaw" predict --model "$scratch/whole" "$scratch/test/red/a.ppm" | cut -f1 | tail -n 1)" = red ] ||
  die "red is not told"
expect 0 "b.ppm" "$thaw" predict --model "$scratch/whole" "$scratch/test"

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
echo "files: pictures are learnt, resumed, judged, tuned, predicted, and refused where they are none"
