#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does it help to read a domain's texts before its labels? MiniLM learns masked words of the descriptions of Debian's
# packages (those of the training split, without their labels), then the topics with a few labels; beside the plain run.
#
#   examples/adapt.sh [TEXTS_PER_CLASS ...]      default: 8
. "$(dirname "$0")/begin.sh" minilm topics

sizes=("$@")
[ $# -gt 0 ] || sizes=(8)
declare -A epochs=([8]=20 [32]=8 [128]=4)

echo "== masked words of the training texts, one epoch"
thaw_finetune --task mlm --model data/minilm --train-file data/topics/train.tsv \
  --validation-file data/topics/validation.tsv --num-train-epochs 1 --batch-size 32 --learning-rate 2e-4 \
  --warmup-ratio 0.1 --max-length 128 --eval-strategy epoch --output-dir runs/adapt/encoder

for size in "${sizes[@]}"; do
  for seed in 1 2 3; do
    train=$(topics_sample "$size" "$seed")
    for model in plain adapted; do
      [ "$model" = plain ] && directory=data/minilm || directory=runs/adapt/encoder
      echo "== $size texts a class, seed $seed, $model"
      thaw_finetune --task classification --model "$directory" --train-file "$train" \
        --test-file data/topics/test.tsv --num-train-epochs "${epochs[$size]:-8}" --batch-size 32 --learning-rate 1e-4 \
        --seed "$seed" --eval-strategy no --save-strategy no --output-dir "runs/adapt/${model}_${size}_$seed"
    done
  done
done

echo
echo "masked words: perplexity $(result runs/adapt/encoder eval perplexity)"
for size in "${sizes[@]}"; do
  for model in plain adapted; do
    for seed in 1 2 3; do result "runs/adapt/${model}_${size}_$seed" test accuracy; done |
      awk -v size="$size" -v model="$model" '{ n++; s += $1; q += $1 * $1 }
        END { m = s / n; v = q / n - m * m
          printf "%s texts a class, %-7s  test accuracy %.3f (spread %.3f)\n", size, model, m, sqrt(v > 0 ? v : 0) }'
  done
done
