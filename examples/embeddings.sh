#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two ways to train a head alone: on vectors that `thaw embed` computed once, and by `thaw finetune` with the encoder
# frozen, which computes it anew in every epoch. The topics, all of them and with a few labels.
#
#   examples/embeddings.sh
. "$(dirname "$0")/begin.sh" minilm topics

out=runs/embeddings
mkdir -p $out
begin=$SECONDS
for part in train test; do
  thaw embed --model data/minilm data/topics/$part.tsv --output $out/$part.npy
done
seconds=$((SECONDS - begin))

# linear [--per-class N --seed SEED]: a head on the vectors. finetune TRAIN NAME OPTIONS: a head on the frozen encoder.
linear() {
  thaw-data linear data/topics/train.tsv data/topics/test.tsv --train-vectors $out/train.npy \
    --test-vectors $out/test.npy "$@"
}
finetune() {
  local train=$1 name=$2
  shift 2
  thaw_finetune --model data/minilm --train-file "$train" --test-file data/topics/test.tsv --batch-size 32 \
    --freeze 'bert.embeddings.*' --freeze 'bert.encoder.*' --learning-rate 5e-3 --eval-strategy no \
    --save-strategy no --output-dir "$out/$name" "$@"
}

finetune data/topics/train.tsv all --num-train-epochs 3
for seed in 1 2 3; do
  finetune "$(topics_sample 8 $seed)" 8_$seed --num-train-epochs 20 --seed $seed
done

mean() { awk '{ sum += $NF } END { printf "%.3f", sum / NR }'; }
few_linear=$(for seed in 1 2 3; do linear --per-class 8 --seed $seed; done | mean)
few_finetune=$(for seed in 1 2 3; do result $out/8_$seed test accuracy; done | mean)
echo
printf '%-44s %10s %10s\n' 'test accuracy' 'all texts' '8 a class'
printf '%-44s %10s %10s\n' "head on vectors ($seconds s for all vectors)" "$(linear | mean)" "$few_linear"
printf '%-44s %10.3f %10s\n' "head fine-tuned ($(result $out/all train train_seconds | cut -d. -f1) s of training)" \
  "$(result $out/all test accuracy)" "$few_finetune"
