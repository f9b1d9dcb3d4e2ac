#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Natural language inference on WordNet's glosses: does "a LEMMA is GLOSS" entail "it is a CLASS"? With the control that
# sees the hypothesis only.
#
#   examples/entailment.sh [OPTIONS OF thaw finetune, e.g. --max-steps 300]
set -eu -o pipefail
cd "$(dirname "$0")/.."
. examples/setup.sh
. examples/stop.sh
thaw_install build vulkan data
thaw_build
export PATH="$THAW_BUILD/examples/thaw:$THAW_BUILD/examples/data:$PATH"

examples/fetch_minilm.sh data/minilm
[ -f data/nli/test.tsv ] || thaw-data wordnet-nli --output data/nli

run() {  # NAME, columns ...
  local name=$1
  shift
  thaw_finetune --model data/minilm --train-file data/nli/train.tsv --validation-file data/nli/validation.tsv \
    --test-file data/nli/test.tsv --num-train-epochs 1 --batch-size 32 --learning-rate 5e-5 --warmup-ratio 0.1 \
    --output-dir "runs/entailment/$name" "$@"
}
run pair --text-column premise --text-pair-column hypothesis "$@"
run hypothesis_only --text-column hypothesis "$@"

accuracy() { sed -n 's/.*"accuracy": \([0-9.]*\).*/\1/p' "runs/entailment/$1/test_results.json"; }
echo
printf 'test accuracy %.3f (hypothesis only %.3f, chance 0.500)\n' "$(accuracy pair)" "$(accuracy hypothesis_only)"
