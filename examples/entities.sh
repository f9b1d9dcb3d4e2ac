#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Labels words: which of a description's words name packages, licences and programming languages? The labels are made by
# rule (examples/data/README.md); names of the test's packages are in no training text.
#
#   examples/entities.sh [OPTIONS OF thaw finetune, e.g. --max-steps 100]
. "$(dirname "$0")/begin.sh" minilm entities

echo
thaw_finetune --task tokens --words-column tokens --tags-column tags --model data/minilm \
  --train-file data/entities/train.jsonl --validation-file data/entities/validation.jsonl \
  --test-file data/entities/test.jsonl --num-train-epochs 2 --batch-size 32 --learning-rate 1e-4 --warmup-ratio 0.1 \
  --output-dir runs/entities "$@"

echo
printf 'test: precision %.3f, recall %.3f, F1 %.3f; trained in %.0f s\n' "$(result runs/entities test precision)" \
  "$(result runs/entities test recall)" "$(result runs/entities test f1)" "$(result runs/entities train train_seconds)"
thaw-data entity-list data/entities/train.jsonl data/entities/test.jsonl
