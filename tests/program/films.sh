#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Films through the program: a new ViViT learns from a table, is resumed with the same bits, judged, and predicts; of a
# longer film frames are left out; a damaged or a shorter one is one line; what cannot be made is refused.
. "$(dirname "$0")/lib.bash"

# film FILE LUMA...: a grey film of 8 x 8 pixels, each frame of one brightness (octal)
film() {
  local file=$1
  shift
  mkdir -p "$(dirname "$file")"
  { printf 'YUV4MPEG2 W8 H8 F8:1 Ip Cmono\n'; for luma; do
    printf 'FRAME\n'; for _ in $(seq 64); do printf "\\$luma"; done
  done; } > "$file"
}
printf 'video\tlabel\n' > "$scratch/films.tsv"
for shade in 1 2 3 4; do
  film "$scratch/films/up_$shade.y4m" 04$shade 10$shade 14$shade 24$shade
  film "$scratch/films/down_$shade.y4m" 24$shade 14$shade 10$shade 04$shade
  printf 'films/up_%s.y4m\tup\nfilms/down_%s.y4m\tdown\n' $shade $shade >> "$scratch/films.tsv"
done

new=(init --type vivit --image-size 8 --patch-size 4 --frames 4 --layers 2 --hidden-size 16 --heads 2)
expect 0 "vivit: VivitForVideoClassification with random weights (seed 42), " "$thaw" "${new[@]}" --patch-frames 2 \
  --output-dir "$scratch/vivit"
expect 0 "it reads films" "$thaw" "${new[@]}" --patch-frames 2 --output-dir "$scratch/model"
same_weights "$scratch/vivit" "$scratch/model" "the same seed: other weights"
holds "$scratch/model/preprocessor_config.json" '"VivitImageProcessor"' "what prepares frames"
learn() {
  finetune_quietly "$@" --task video-classification --train-file "$scratch/films.tsv" --batch-size 4 --eval-strategy no
}
learn "$scratch/two" --max-steps 2
learn "$scratch/whole" --max-steps 30 --test-file "$scratch/films.tsv"
at_least "$(result "$scratch/whole" test accuracy)" 1 "accuracy"
[ -f "$scratch/whole/preprocessor_config.json" ] || die "how frames are prepared is not saved"
learn "$scratch/resumed" --max-steps 30 --save-strategy steps --save-steps 12
rm -rf "$scratch/resumed/checkpoint-30" "$scratch/resumed/model.safetensors"
learn "$scratch/resumed" --max-steps 30 --save-strategy steps --save-steps 12 --resume
same_weights "$scratch/whole" "$scratch/resumed" "a resumed run has other weights"

expect 0 "accuracy" "$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/films.tsv"
expect 0 "the label \"down\" has 4 rows" "$thaw" data --task video-classification --train-file "$scratch/films.tsv"
expect 0 "vivit.encoder.layer.1" "$thaw" plan --task video-classification --model "$scratch/model" \
  --train-file "$scratch/films.tsv"
predicted() { "$thaw" predict --model "$1" "$2" | tail -n +2 | cut -f1,2; }
film "$scratch/long.y4m" 377 042 377 102 377 142 377 242  # of each pair of frames the second is looked at
[ "$(predicted "$scratch/whole" "$scratch/long.y4m")" = "$(predicted "$scratch/whole" "$scratch/films/up_2.y4m")" ] ||
  die "other frames of a longer film are looked at"

# What is frozen is kept; an adapter and its base are one model.
learn "$scratch/head" --max-steps 5 --freeze '*' --train 'classifier.*'
learn "$scratch/adapter" --max-steps 5 --lora ''
expect 0 "" "$thaw" merge --model "$scratch/adapter" --output-dir "$scratch/merged"
labels() { "$thaw" predict --model "$1" "$scratch/films.tsv" | cut -f1; }
[ "$(labels "$scratch/merged")" = "$(labels "$scratch/adapter")" ] || die "a merged model predicts otherwise"

# What is wrong.
refused() {  # FILE TEXT
  printf 'video\tlabel\nfilms/up_1.y4m\tup\n%s\tdown\n' "$1" > "$scratch/bad.tsv"
  expect 1 "$2" "$thaw" finetune --task video-classification --model "$scratch/model" --train-file "$scratch/bad.tsv" \
    --output-dir "$scratch/none"
}
head -c 200 "$scratch/films/up_1.y4m" > "$scratch/cut.y4m"
refused cut.y4m "bad.tsv:3: $scratch/cut.y4m: frame 3: is cut off: "
film "$scratch/short.y4m" 042 102 142
refused short.y4m "bad.tsv:3: $scratch/short.y4m: has 3 frames, and the model reads 4"
echo "no film" > "$scratch/none.y4m"
refused none.y4m "bad.tsv:3: $scratch/none.y4m: is no YUV4MPEG2 file (.y4m)"
expect 1 'read films, not pictures' "$thaw" finetune --task image-classification --model "$scratch/model" \
  --train-file "$scratch/films.tsv" --output-dir "$scratch/none"
bad() { expect 2 "$1" "$thaw" "${@:2}" --output-dir "$scratch/none"; }
bad "--patch-frames 5: a film has 4" "${new[@]}" --patch-frames 5
bad "--channels 2: pictures have 1 (grey) or 3 (colours)" "${new[@]}" --channels 2
bad "--frames: is for models of sounds or films, which vit is none of" init --type vit --frames 4
bad "--frames 1: a patch has 2" init --type vivit --frames 1
[ ! -e "$scratch/none" ] || die "something was written"
echo "films: learnt, resumed, judged, tuned, predicted, and refused where they are none"
