#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How far do a few labels go? The topics with 8, 32 and 128 texts a class, mean and spread of three seeds, beside TF-IDF on the same texts.
#
#   examples/few_labels.sh [TEXTS_PER_CLASS ...]      default: 8 32 128
set -eu -o pipefail
cd "$(dirname "$0")/.."
. examples/setup.sh
thaw_install build vulkan data
thaw_build
export PATH="$THAW_BUILD/examples:$THAW_BUILD/examples/data:$PATH"

examples/fetch_minilm.sh data/minilm
examples/fetch_debian_lists.sh data/debian_lists
[ -f data/topics/test.tsv ] || thaw-data debian-topics --lists data/debian_lists --output data/topics

sizes=("$@")
[ $# -gt 0 ] || sizes=(8 32 128)
declare -A epochs=([8]=20 [32]=8 [128]=4)
for size in "${sizes[@]}"; do
  : > "runs/few_labels_$size.scores" 2>/dev/null || { mkdir -p runs; : > "runs/few_labels_$size.scores"; }
  for seed in 1 2 3; do
    train=data/topics/train_${size}_$seed.tsv out=runs/few_labels/${size}_$seed
    [ -f "$train" ] || thaw-data sample data/topics/train.tsv "$train" --per-class "$size" --seed "$seed"
    thaw finetune --resume-if-any --model data/minilm --train-file "$train" --test-file data/topics/test.tsv --num-train-epochs "${epochs[$size]:-8}" \
      --batch-size 32 --learning-rate 1e-4 --seed "$seed" --eval-strategy no --save-strategy no --output-dir "$out"
    accuracy=$(sed -n 's/.*"accuracy": \([0-9.]*\).*/\1/p' "$out/test_results.json")
    baseline=$(thaw-data tfidf "$train" data/topics/test.tsv | awk '$1 == "TF-IDF" { print $2 }')
    echo "$accuracy $baseline" >> "runs/few_labels_$size.scores"
  done
done

echo
for size in "${sizes[@]}"; do
  awk -v size="$size" '{ n++; s += $1; q += $1 * $1; b += $2 }
    END { m = s / n; v = q / n - m * m; printf "%s texts a class: test accuracy %.3f (spread %.3f, TF-IDF %.3f)\n", size, m, sqrt(v > 0 ? v : 0), b / n }' \
    "runs/few_labels_$size.scores"
done
