#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What does freezing save, and what does it cost? The quickstart's task with five freeze masks: trained share, time,
# memory, accuracy in one table.
#
#   examples/partial_finetuning.sh [OPTIONS OF thaw finetune, e.g. --num-train-epochs 1]
. "$(dirname "$0")/begin.sh" minilm topics

order=(all upper_half head_only layer_norm_only biases_only)
declare -A masks=(
  [all]=""
  [upper_half]="--freeze bert.embeddings.* --freeze bert.encoder.layer.0.* --freeze bert.encoder.layer.1.*
    --freeze bert.encoder.layer.2.*"
  [head_only]="--freeze bert.embeddings.* --freeze bert.encoder.*"
  [layer_norm_only]="--freeze bert.* --train *LayerNorm*"
  [biases_only]="--freeze bert.* --train bert.*.bias"
)
# The rates that suit few parameters are higher.
declare -A rates=([all]=5e-5 [upper_half]=5e-5 [head_only]=5e-3 [layer_norm_only]=1e-3 [biases_only]=1e-3)

for name in "${order[@]}"; do
  out=runs/partial_finetuning/$name
  echo "== $name"
  set -f  # the masks' words are patterns of names, not of files
  thaw_finetune --model data/minilm --train-file data/topics/train.tsv --validation-file data/topics/validation.tsv \
    --test-file data/topics/test.tsv --num-train-epochs 3 --batch-size 32 --learning-rate "${rates[$name]}" \
    --save-strategy no --output-dir "$out" ${masks[$name]} "$@"
  set +f
done

field() { result "runs/partial_finetuning/$1" "$3" "$2"; }
echo
printf '%-16s %12s %10s %10s %14s %9s\n' mask 'trained' 'per mille' seconds 'peak memory MB' accuracy
for name in "${order[@]}"; do
  printf '%-16s %12s %10.2f %10.0f %14.0f %9.3f\n' "$name" "$(field "$name" trained_parameters train)" \
    "$(field "$name" trained_per_mille train)" "$(field "$name" train_seconds train)" \
    "$(field "$name" peak_memory_mb train)" "$(field "$name" accuracy test)"
done
