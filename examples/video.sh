#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A small ViViT learns what happens in films of one moving shape, of which no single frame tells it. Then what it knows
# is worth something elsewhere: slow or fast, from ten films each, by a new head on the frozen ViViT, by the whole of
# it, and by the same ViViT that has seen nothing; beside logistic regression on what changes between frames.
#
#   examples/video.sh [OPTIONS OF thaw finetune for every training, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" films

out=runs/video films=data/films
more=("$@")
[ -d "$out/new" ] || thaw init --type vivit --image-size 32 --patch-size 8 --frames 8 --patch-frames 2 --layers 4 \
  --hidden-size 128 --heads 4 --output-dir "$out/new"
[ -d "$out/strips" ] || thaw-data film-strips "$films/test.tsv" --output "$out/strips"

learn() { thaw_finetune --task video-classification "$@" ${more[@]+"${more[@]}"}; }

echo "== what happens"
learn --model "$out/new" --train-file "$films/train.tsv" --validation-file "$films/validation.tsv" \
  --test-file "$films/test.tsv" --num-train-epochs 40 --batch-size 32 --learning-rate 1e-3 --warmup-ratio 0.05 \
  --lr-scheduler-type cosine --output-dir "$out/motions"

seeds=(1 2 3) arms=(head all scratch)
declare -A words=([head]="a head on the frozen ViViT" [all]="the ViViT, all of it" [scratch]="the same, seen nothing")
sample() {  # SEED: a table of ten slow films and ten fast ones
  local table=$films/speed_$1.tsv
  [ -f "$table" ] || thaw-data sample "$films/moving_train.tsv" --label-column speed --per-class 10 --seed "$1" \
    --output "$table" >&2
  echo "$table"
}
for seed in "${seeds[@]}"; do
  for arm in "${arms[@]}"; do
    case $arm in
      head) model=(--model "$out/motions" --freeze '*' --train 'classifier.*' --learning-rate 1e-2) ;;
      all) model=(--model "$out/motions" --learning-rate 3e-4) ;;
      scratch) model=(--model "$out/new" --learning-rate 1e-3) ;;
    esac
    echo "== slow or fast, seed $seed: ${words[$arm]}"
    learn "${model[@]}" --label-column speed --train-file "$(sample "$seed")" --test-file "$films/moving_test.tsv" \
      --max-steps 200 --batch-size 20 --warmup-ratio 0.1 --seed "$seed" --eval-strategy no --save-strategy no \
      --output-dir "$out/${arm}_$seed"
  done
done

logistic=$(thaw-data film-baselines "$films/train.tsv" "$films/test.tsv")
echo
printf 'what happens, of twelve: test accuracy %.3f after %.0f s\n' "$(result "$out/motions" test accuracy)" \
  "$(result "$out/motions" train train_seconds)"
echo "logistic regression: $logistic"
echo
echo "slow or fast, test accuracy from twenty films"
for arm in "${arms[@]}"; do
  printf '%-28s' "${words[$arm]}"
  for seed in "${seeds[@]}"; do result "$out/${arm}_$seed" test accuracy || exit 1; done | mean
  echo
done
printf '%-28s' "logistic, on what changes"
for seed in "${seeds[@]}"; do
  told=$(thaw-data film-baselines "$(sample "$seed")" "$films/moving_test.tsv" --label-column speed)
  echo "${told##*changes }"
done | mean
echo
echo "a film of each kind: $out/strips/"
