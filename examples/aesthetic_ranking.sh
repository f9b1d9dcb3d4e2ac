#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which of two pictures is better? A small ViT learns it from stamps that were damaged in eight ways to known degrees,
# by pairs alone, and gives each picture a number; beside sharpness, which is measured. Tested on other stamps.
#
#   examples/aesthetic_ranking.sh [--tower DIR] [--scores FILE [--group-column NAME]] [OPTIONS OF thaw finetune]
#
# --tower DIR    also a head on this ViT, frozen: a model of colour pictures that has learnt something else
# --scores FILE  then learns what people think, too: a table of pictures (image: paths from where it is) and their
#                scores (the higher, the better), of which a fifth judges
# --group-column NAME  its column of what is compared; all pictures with all, without it
set -eu
tower='' scores='' more=() by_group=()
while [ $# -gt 0 ]; do
  case $1 in
    --tower) tower=${2:?--tower: a directory is missing}; shift 2 ;;
    --scores) scores=${2:?--scores: a file is missing}; shift 2 ;;
    --group-column) by_group=(--group-column "${2:?--group-column: a name is missing}"); shift 2 ;;
    *) more+=("$1"); shift ;;
  esac
done
[ -z "$tower" ] || tower=$(cd "$tower" && pwd)
[ -z "$scores" ] || { [ -f "$scores" ] && scores=$(cd "$(dirname "$scores")" && pwd)/$(basename "$scores"); } ||
  { echo "--scores: $scores is no file" >&2; exit 1; }
[ -n "$scores" ] || [ ${#by_group[@]} = 0 ] || { echo "--group-column is of --scores" >&2; exit 2; }
. "$(dirname "$0")/begin.sh" damaged_pictures

out=runs/aesthetic_ranking pictures=data/damaged_pictures
[ -d "$out/new" ] || thaw init --type vit --image-size 64 --patch-size 8 --layers 4 --hidden-size 128 --heads 4 \
  --dropout 0.1 --output-dir "$out/new"

rank() { thaw_finetune --task ranking --batch-size 32 --warmup-ratio 0.1 "$@" ${more[@]+"${more[@]}"}; }
learn() {  # NAME OPTIONS...
  echo "== $1"
  rank --train-file "$pictures/train.tsv" --validation-file "$pictures/validation.tsv" \
    --test-file "$pictures/test.tsv" --group-column group --num-train-epochs 10 --lr-scheduler-type cosine \
    --output-dir "$out/$1" "${@:2}"
}
learn whole --model "$out/new" --learning-rate 1e-3 --weight-decay 0.05
[ -z "$tower" ] || learn head --model "$tower" --freeze '*' --train 'classifier.*' --learning-rate 1e-2

told() {  # NAME: its numbers of the test's pictures, beside sharpness, kind by kind
  thaw predict --model "$out/$1" "$pictures/test.tsv" > "$out/$1.tsv"
  echo
  thaw-data ranked-pictures "$pictures/test.tsv" --values "$out/$1.tsv"
}
told whole
if [ -n "$tower" ]; then
  echo
  echo "the model is a head on $tower, frozen:"
  told head
fi

# From the best to the worst by the model's number, evenly chosen.
sed 1d "$out/whole.tsv" | LC_ALL=C sort -s -k 1,1gr | cut -f 2 | awk '!seen[$0]++' > "$out/sorted.txt"
awk -v all="$(wc -l < "$out/sorted.txt")" -v shown=160 -v folder="$PWD/$pictures" \
  'int(NR * shown / all) > int((NR - 1) * shown / all) { print folder "/" $0 }' "$out/sorted.txt" > "$out/sheet.txt"
thaw-data contact-sheet "$out/sheet.png" --columns 16 --list "$out/sheet.txt"
echo
echo "$out/sheet.png: pictures of the test, the best first, as the model sees it"
echo "This is graded damage: no person scored these pictures, and what people like is another matter."

if [ -n "$scores" ]; then
  echo
  echo "== $scores"
  rank --model "$out/whole" --train-file "$scores" --validation-split 0.2 --num-train-epochs 5 --learning-rate 3e-4 \
    ${by_group[@]+"${by_group[@]}"} --output-dir "$out/own"
  printf 'pairs in order by the scores of %s: %.3f (of pictures that were kept apart)\n' "$scores" \
    "$(result "$out/own" eval pair_accuracy)"
fi
