#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures of captions, through the program: a new GPT finds colours and places in the data, learns, is killed and goes
# on, is judged, draws; adapters, frozen layers; what is wrong is one line.
. "$(dirname "$0")/lib.bash"

# Pictures of 3 x 4 pixels in one colour, in plain PPM, which no library is needed for.
picture() {  # FILE RED GREEN BLUE [WIDTH]
  awk -v r="$2" -v g="$3" -v b="$4" -v w="${5:-4}" 'BEGIN {
    print "P3", w, 3, 255; for (i = 0; i < 3 * w; i++) print r, g, b }' > "$scratch/$1"
}
mkdir "$scratch/pictures"
picture pictures/red.ppm 255 0 0
picture pictures/blue.ppm 0 0 255
picture pictures/green.ppm 0 255 0
awk 'BEGIN {
  split("red blue green", colours); split("all of it is|a field of|it shows", words, "|")
  print "image\ttext"
  for (i = 0; i < 90; i++) { c = colours[i % 3 + 1]; print "pictures/" c ".ppm\t" words[int(i / 3) % 3 + 1] " " c }
}' > "$scratch/train.tsv"
head -n 10 "$scratch/train.tsv" > "$scratch/validation.tsv"
expect 0 "GPT2LMHeadModel with random weights" "$thaw" init --type gpt2 --files "$scratch/train.tsv" --vocab-size 280 \
  --layers 2 --hidden-size 32 --heads 2 --positions 48 --dropout 0 --output-dir "$scratch/model"

data=(--task text-to-image --train-file "$scratch/train.tsv")
draws() { finetune_quietly "$@" "${data[@]}"; }
expect 0 "pictures of 3 x 4 pixels, 3 colours" "$thaw" data --model "$scratch/model" "${data[@]}"
expect 0 "pictures of 3 x 4 pixels, 3 colours" "$thaw" data "${data[@]}"
expect 0 '*#ff0000' "$thaw" data --model "$scratch/model" "${data[@]}" --show 1
expect 0 "transformer.h.1" "$thaw" plan --model "$scratch/model" "${data[@]}"
draws "$scratch/run" --validation-file "$scratch/validation.tsv" --num-train-epochs 20 --learning-rate 1e-2
holds "$scratch/log" 'pictures of 3 x 4 pixels, 3 colours, captions of [0-9]* places: sequences of' "what was found"
holds "$scratch/log" 'words for [0-9]* places of captions and 3 colours are new' "new words"
awk -v b="$(result "$scratch/run" eval bits_per_pixel)" 'BEGIN { exit !(b > 0 && b < 0.1) }' || die "bits per pixel"

# Killed at any moment and gone on with: the same bits.
short=(--max-steps 30 --save-strategy steps --save-steps 7)
draws "$scratch/whole" "${short[@]}"
for attempt in 1 2; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 \
      --batch-size 16 "${data[@]}" "${short[@]}" --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 60 + 20)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
draws "$scratch/killed" "${short[@]}" --resume-if-any
same_weights "$scratch/whole" "$scratch/killed" "a resumed run has other weights"

"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/validation.tsv" --output "$scratch/judged.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_results "$scratch/judged.json" "$scratch/run/eval_results.json" bits_per_pixel "judged again"

# Parts of it, adapters, what a frozen part gives: as every task has them.
frozen=(--freeze 'transformer.{wte,wpe}.*' --freeze 'transformer.h.0.*' --max-steps 10)
finetune_on() { "$thaw" finetune --output-dir "$2" --model "$1" "${data[@]}" "${@:3}" > "$scratch/log" 2>&1 ||
  die "$(cat "$scratch/log")"; }
finetune_on "$scratch/run" "$scratch/frozen" "${frozen[@]}"
holds "$scratch/log" 'runs once for each of' "a frozen part is kept"
finetune_on "$scratch/run" "$scratch/computed" "${frozen[@]}" --cache-memory 0
same_weights "$scratch/frozen" "$scratch/computed" "kept and computed"
finetune_on "$scratch/run" "$scratch/lora" --lora '' --max-steps 5
draws "$scratch/lora_of_new" --lora '' --max-steps 5  # the tables of words are trained, and saved, beside the adapters
for adapter in lora lora_of_new; do
  expect 0 "read again" "$thaw" merge --model "$scratch/$adapter" --output-dir "$scratch/merged_$adapter"
  cmp "$scratch/$adapter/image_tokens.json" "$scratch/merged_$adapter/image_tokens.json" || die "ids of $adapter"
  "$thaw" evaluate --model "$scratch/merged_$adapter" --test-file "$scratch/validation.tsv" \
    --output "$scratch/judged.json" > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
done

# What cannot be meant.
bad() { expect "$1" "$2" "$thaw" finetune --output-dir "$scratch/none" --model "${@:3}"; }
picture pictures/wide.ppm 255 0 0 5
picture pictures/pink.ppm 255 0 99
printf 'image\ttext\npictures/red.ppm\tred\npictures/wide.ppm\twide\n' > "$scratch/wide.tsv"
printf 'image\ttext\npictures/red.ppm\tred\npictures/pink.ppm\tpink\n' > "$scratch/pink.tsv"
bad 1 "wide.tsv:3: $scratch/pictures/wide.ppm: has 3 x 5 pixels (height x width), the pictures before it 3 x 4" \
  "$scratch/model" --task text-to-image --train-file "$scratch/wide.tsv"
bad 1 "pink.tsv:3: $scratch/pictures/pink.ppm: the pixel at x 0, y 0 is #ff0063, which is none of the model's 3" \
  "$scratch/run" --train-file "$scratch/pink.tsv"
expect 0 "train: pictures with colours that the model has not (an error in training): 1, the first" \
  "$thaw" data --model "$scratch/run" --train-file "$scratch/pink.tsv"
for places in 40 60; do
  ! "$thaw" finetune --output-dir "$scratch/none" --model "$scratch/model" "${data[@]}" --caption-length $places \
    > "$scratch/log" 2>&1 || die "sequences of more tokens than there are positions"
  holds "$scratch/log" "behind a caption of $places places needs $((places + 13)) positions, the model has 48$" \
    "too few positions"
done
bad 2 "--caption-length" "$scratch/model" "${data[@]}" --caption-length 1
"$thaw" init --type bert --files "$scratch/train.tsv" --vocab-size 56 --layers 1 --hidden-size 8 --heads 1 \
  --output-dir "$scratch/bert" > /dev/null
for command in finetune data; do
  expect 1 'a model of "bert" does not say what comes next' "$thaw" $command --model "$scratch/bert" "${data[@]}" \
    $([ $command = data ] || echo --output-dir "$scratch/none")
done
bad 2 "--caption-length 9: captions have" "$scratch/run" "${data[@]}" --caption-length 9
bad 2 "--image-column" "$scratch/model" "${data[@]}" --image-column text
expect 1 "the ids behind its tokenizer's are places and colours" "$thaw" add-tokens --model "$scratch/run" \
  --tokens '<x>' --output-dir "$scratch/none"
expect 1 "has no image_tokens.json" "$thaw" plan --task text-to-image --model "$scratch/model"
expect 1 "has no image_tokens.json" "$thaw" predict --task text-to-image --model "$scratch/model" --folder "$scratch/o"
expect 2 "--folder: pictures are written into a folder" "$thaw" predict --model "$scratch/run" "$scratch/train.tsv"

# Pictures are written as PNG.
printf 'it shows blue\nall of it is red\n' > "$scratch/captions.txt"
draw() { "$thaw" predict --model "$scratch/run" "$scratch/captions.txt" --folder "$scratch/$1" "${@:2}"; }
if draw drawn > "$scratch/out" 2> "$scratch/log"; then
  [ "$(sed -n 2p "$scratch/out")" = "$scratch/drawn/00001.png"$'\t'"it shows blue" ] || die "$(cat "$scratch/out")"
  [ "$(wc -l < "$scratch/out")" = 3 ] || die "lines: $(cat "$scratch/out")"
  draw alone --batch-size 1 > "$scratch/out" || die "one by one"
  cmp "$scratch/drawn/00002.png" "$scratch/alone/00002.png" || die "a picture depends on others"
  expect 1 "$scratch/drawn/00001.png: is there already: --overwrite replaces it" draw drawn
  draw drawn --overwrite --samples 2 --seed 3 --output-format jsonl | tail -n 1 |
    grep -qF "{\"image\": \"$scratch/drawn/00002_2.png\", \"text\": \"all of it is red\"}" || die "JSONL"
  # What was learnt is drawn: as a table, it is told well.
  printf 'image\ttext\ndrawn/00001.png\tit shows blue\ndrawn/00002.png\tall of it is red\n' > "$scratch/drawn.tsv"
  "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/drawn.tsv" --output "$scratch/judged.json" \
    > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
  awk -v b="$(sed -n 's/.*"bits_per_pixel": \([-0-9.e+]*\).*/\1/p' "$scratch/judged.json" | head -n 1)" \
    'BEGIN { exit !(b != "" && b < 0.5) }' || die "drawn pictures are no such: $(cat "$scratch/judged.json")"
else
  holds "$scratch/log" 'built without libpng' "pictures are drawn"
fi
echo "text_to_image: learnt, resumed, judged, drawn"
