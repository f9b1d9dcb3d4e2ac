#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A small GPT-2 made from nothing draws pictures of captions, pixel by pixel: scenes of one and two coloured shapes on
# 18 x 18 pixels. A program that knows shapes tells from the drawn pixels what is right, on captions of pairs of colour
# and shape that were seen, and of pairs that never were; beside the picture of the nearest caption to learn from.
#
#   examples/text_to_image.sh [--one-object] [OPTIONS OF thaw finetune, e.g. --max-steps 20]
# words: about as many as the captions make. samples: pictures of each caption of the tests, of which there are few
# where each names one thing, and another.
set=two_objects most=2 train=18000 words=360 samples=1
if [ "${1:-}" = --one-object ]; then
  set=one_object most=1 train=6000 words=330 samples=10
  shift
fi
more=("$@")
set --  # what is sourced without arguments has the script's
. "$(dirname "$0")/begin.sh"

scenes=data/scenes_18_$set out=runs/text_to_image/$set
[ -f "$scenes/train.tsv" ] || thaw-data scenes --size 18 --most-objects $most --train $train --validation 300 \
  --test 300 --output "$scenes"
# Weights are spread wider than the usual .02, by which it learns more slowly (examples/pretraining.md).
[ -d "$out/new" ] || thaw init --type gpt2 --files "$scenes/train.tsv" --vocab-size $words --layers 4 \
  --hidden-size 256 --heads 4 --positions 384 --dropout 0 --initializer-range 0.08 --output-dir "$out/new"

thaw_finetune --task text-to-image --model "$out/new" --train-file "$scenes/train.tsv" \
  --validation-file "$scenes/validation.tsv" --num-train-epochs 3 --batch-size 16 --learning-rate 1e-3 \
  --warmup-ratio 0.05 --weight-decay 0.01 --lr-scheduler-type cosine --eval-strategy no --output-dir "$out/model" \
  ${more[@]+"${more[@]}"}

# A table of drawn pictures is there when all of them are; those of a drawing that was stopped, and of another model,
# are drawn anew.
drawn=$out/drawn
mkdir -p "$drawn"
draw() {  # TEST: seen, new
  [ ! "$drawn/$1.tsv" -nt "$out/model/model.safetensors" ] || return 0
  thaw predict --model "$out/model" "$scenes/test_$1.tsv" --folder "$PWD/$drawn/$1" --overwrite --samples $samples \
    --top-p 0.95 > "$drawn/$1.tsv.part"
  mv "$drawn/$1.tsv.part" "$drawn/$1.tsv"
}
for test in seen new; do
  echo "== drawing what the captions of ${test} pairs say"
  draw $test
  awk -F '\t' 'NR > 1 && NR <= 61 { print $1 }' "$drawn/$test.tsv" > "$drawn/$test.txt"
  thaw-data contact-sheet "$out/$test.png" --columns 10 --scale 4 --list "$drawn/$test.txt"
done

echo
printf 'bits per pixel %.4f; %.0f s of training\n' "$(result "$out/model" eval bits_per_pixel)" \
  "$(result "$out/model" train train_seconds)"
printf '%-40s %10s %10s %10s\n' "right" objects relations captions
row() {  # NAME, WHAT thaw-data check-scenes IS GIVEN
  local told share cells=()
  told=$(thaw-data check-scenes "${@:2}")
  for share in objects relations captions; do cells+=("$(sed -n "s/^$share \([0-9.]*\) .*/\1/p" <<< "$told")"); done
  printf '%-40s %10s %10s %10s\n' "$1" "${cells[@]:0:3}"
}
for test in seen new; do
  row "drawn, $test pairs" "$drawn/$test.tsv"
  row "the nearest caption's picture, $test pairs" "$scenes/test_$test.tsv" --nearest "$scenes/train.tsv"
done
echo "the first of them: $out/seen.png, $out/new.png"
