#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How far do a few labels go? The topics with 8, 32 and 128 texts a class, mean and spread of three seeds, beside TF-IDF
# on the same texts.
#
#   examples/few_labels.sh [TEXTS_PER_CLASS ...]      default: 8 32 128
. "$(dirname "$0")/begin.sh" minilm topics

sizes=("$@")
[ $# -gt 0 ] || sizes=(8 32 128)
declare -A epochs=([8]=20 [32]=8 [128]=4)

for size in "${sizes[@]}"; do
  for seed in 1 2 3; do
    train=$(topics_sample "$size" "$seed")
    echo "== $size texts a class, seed $seed"
    thaw_finetune --model data/minilm --train-file "$train" --test-file data/topics/test.tsv \
      --num-train-epochs "${epochs[$size]:-8}" --batch-size 32 --learning-rate 1e-4 --seed "$seed" \
      --eval-strategy no --save-strategy no --output-dir "runs/few_labels/${size}_$seed"
  done
done

echo
for size in "${sizes[@]}"; do
  for seed in 1 2 3; do
    accuracy=$(result "runs/few_labels/${size}_$seed" test accuracy)
    seconds=$(result "runs/few_labels/${size}_$seed" train train_seconds)
    baseline=$(tfidf_accuracy "$(topics_sample "$size" "$seed")")
    echo "$accuracy $seconds $baseline"
  done | awk -v size="$size" '{ n++; s += $1; q += $1 * $1; t += $2; b += $3 }
    END { m = s / n; v = q / n - m * m
      printf "%s texts a class: test accuracy %.3f (spread %.3f, TF-IDF %.3f), %.0f s a training\n",
        size, m, sqrt(v > 0 ? v : 0), b / n, t / n }'
done
