#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Finds answers in texts, or that there is none. Questions and texts are made from the fields of Debian's packages
# (examples/data/README.md).
#
#   examples/questions.sh [OPTIONS OF thaw finetune, e.g. --max-steps 100]
. "$(dirname "$0")/begin.sh" minilm questions

echo
thaw_finetune --task qa --model data/minilm --train-file data/questions/train.json \
  --validation-file data/questions/validation.json --test-file data/questions/test.json --num-train-epochs 1 \
  --batch-size 16 --learning-rate 1e-4 --warmup-ratio 0.1 --output-dir runs/questions "$@"

echo
printf 'test: exact match %.1f, F1 %.1f; trained in %.0f s\n' "$(result runs/questions test exact_match)" \
  "$(result runs/questions test f1)" "$(result runs/questions train train_seconds)"
thaw-data overlap data/questions/test.json
