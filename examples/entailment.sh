#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Natural language inference on WordNet's glosses: does "a LEMMA is GLOSS" entail "it is a CLASS"? With the control that
# sees the hypothesis only.
#
#   examples/entailment.sh [OPTIONS OF thaw finetune, e.g. --max-steps 300]
. "$(dirname "$0")/begin.sh" minilm nli

run() {  # NAME, columns ...
  local name=$1
  shift
  thaw_finetune --model data/minilm --train-file data/nli/train.tsv --validation-file data/nli/validation.tsv \
    --test-file data/nli/test.tsv --num-train-epochs 1 --batch-size 32 --learning-rate 5e-5 --warmup-ratio 0.1 \
    --output-dir "runs/entailment/$name" "$@"
}
run pair --text-column premise --text-pair-column hypothesis "$@"
run hypothesis_only --text-column hypothesis "$@"

echo
printf 'test accuracy %.3f (hypothesis only %.3f, chance 0.500)\n' "$(result runs/entailment/pair test accuracy)" \
  "$(result runs/entailment/hypothesis_only test accuracy)"
