#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A small ViT learns ten kinds of clothes from pictures (Fashion-MNIST), beside a linear classifier of pixels. Then what
# it knows is worth something elsewhere: handwritten digits from 10 or 100 pictures a class, by a new head on the
# frozen ViT, by the whole of it, by the same ViT that has seen nothing, and by a linear classifier of pixels.
#
#   examples/image_classification.sh [OPTIONS OF thaw finetune for every training, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" fashion mnist

out=runs/image_classification
more=("$@")
[ -d "$out/new" ] || thaw init --type vit --image-size 28 --patch-size 7 --channels 1 --layers 4 --hidden-size 128 \
  --heads 4 --dropout 0.1 --initializer-range 0.1 --output-dir "$out/new"

images() { echo "data/$1/$2-images-idx3-ubyte"; }
learn() {
  thaw_finetune --task image-classification --batch-size 32 --warmup-ratio 0.1 --weight-decay 0.05 "$@" \
    ${more[@]+"${more[@]}"}
}

# Where a patch is begins seven times weaker than what is on it.
positions=(--lr 'vit.embeddings.position_embeddings=1e-2')

echo "== clothes"
learn --model "$out/new" --train-file "$(images fashion train)" --validation-file "$(images fashion validation)" \
  --test-file "$(images fashion test)" --num-train-epochs 10 --learning-rate 1e-3 --lr-scheduler-type cosine \
  "${positions[@]}" --output-dir "$out/clothes"

sizes=(10 100)
arms=(head all scratch)
declare -A words=([head]="a head on the frozen ViT" [all]="the ViT, all of it" [scratch]="the same, seen nothing")
sample() {  # SIZE SEED: a folder of as many digits a class
  [ -d "$out/digits_$1_$2" ] || thaw-data sample-pictures "$(images mnist train)" --per-class "$1" --seed "$2" \
    --output "$out/digits_$1_$2" >&2
  echo "$out/digits_$1_$2/train-images-idx3-ubyte"
}
for size in "${sizes[@]}"; do
  for seed in 1 2 3; do
    for arm in "${arms[@]}"; do
      case $arm in
        head) model=(--model "$out/clothes" --freeze '*' --train 'classifier.*' --learning-rate 1e-2) ;;
        all) model=(--model "$out/clothes" --learning-rate 3e-4) ;;
        scratch) model=(--model "$out/new" --learning-rate 1e-3 "${positions[@]}") ;;
      esac
      echo "== digits, $size a class, seed $seed: ${words[$arm]}"
      learn "${model[@]}" --train-file "$(sample "$size" "$seed")" --test-file "$(images mnist test)" \
        --max-steps 400 --seed "$seed" --eval-strategy no --save-strategy no --output-dir "$out/${arm}_${size}_$seed"
    done
  done
done

echo
printf 'clothes: test accuracy %.3f after %.0f s (linear on pixels %.3f)\n' "$(result "$out/clothes" test accuracy)" \
  "$(result "$out/clothes" train train_seconds)" \
  "$(thaw-data pixel-baseline "$(images fashion train)" "$(images fashion test)")"
echo
printf '%-28s' "digits, test accuracy"
printf '%16s' "${sizes[@]}"
echo " pictures a class"
for arm in "${arms[@]}"; do
  printf '%-28s' "${words[$arm]}"
  for size in "${sizes[@]}"; do
    cell=$(for seed in 1 2 3; do result "$out/${arm}_${size}_$seed" test accuracy || exit 1; done | mean)
    printf '%16s' "$cell"
  done
  echo
done
printf '%-28s' "linear on pixels"
for size in "${sizes[@]}"; do
  cell=$(for seed in 1 2 3; do
    thaw-data pixel-baseline "$(sample "$size" "$seed")" "$(images mnist test)" || exit 1
  done | mean)
  printf '%16s' "$cell"
done
echo
