#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Labels words: which of a description's words name packages, licences and programming languages? The labels are made by
# rule (examples/data/README.md); names of the test's packages are in no training text.
#
#   examples/entities.sh [OPTIONS OF thaw finetune, e.g. --max-steps 100]
set -eu -o pipefail
cd "$(dirname "$0")/.."
. examples/setup.sh
. examples/stop.sh
thaw_install build vulkan data
thaw_build
export PATH="$THAW_BUILD/examples/thaw:$THAW_BUILD/examples/data:$PATH"

examples/fetch_minilm.sh data/minilm
examples/fetch_debian_lists.sh data/debian_lists
[ -f data/entities/test.jsonl ] || thaw-data debian-entities --lists data/debian_lists --output data/entities

echo
thaw_finetune --task tokens --words-column tokens --tags-column tags --model data/minilm \
  --train-file data/entities/train.jsonl --validation-file data/entities/validation.jsonl \
  --test-file data/entities/test.jsonl --num-train-epochs 2 --batch-size 32 --learning-rate 1e-4 --warmup-ratio 0.1 \
  --output-dir runs/entities "$@"

number() { sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p" "runs/entities/$2_results.json"; }
echo
printf 'test: precision %.3f, recall %.3f, F1 %.3f; trained in %.0f s\n' "$(number precision test)" \
  "$(number recall test)" "$(number f1 test)" "$(number train_seconds train)"
thaw-data entity-list data/entities/train.jsonl data/entities/test.jsonl
