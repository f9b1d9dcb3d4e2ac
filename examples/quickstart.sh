#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fine-tunes a real pretrained encoder on real text: which of ten topics does a Debian package belong to?
#
#   examples/quickstart.sh [OPTIONS OF thaw finetune]
#
# Installs what is missing (apt), builds thaw, fetches MiniLM (90 MB) and Debian's package descriptions (20 MB) into
# data/, shows the plan, trains, tests, and predicts three sentences. Everything it makes lies in data/ and
# runs/quickstart. Run it again: what is there stays, and a finished training is not repeated unless runs/quickstart is
# removed. Another encoder does as well: examples/fetch_mpnet.sh data/mpnet, then --model data/mpnet.
. "$(dirname "$0")/begin.sh" minilm topics

recipe=(--task classification --model data/minilm --train-file data/topics/train.tsv
  --validation-file data/topics/validation.tsv --test-file data/topics/test.tsv --num-train-epochs 3 --batch-size 32
  --learning-rate 5e-5 --output-dir runs/quickstart)
echo; thaw plan "${recipe[@]}" "$@"
echo; thaw_finetune "${recipe[@]}" "$@"

echo
thaw predict --model runs/quickstart <<'TEXT'
A fast-paced arcade shooter with pixel art and a two-player mode.
Library for solving sparse systems of linear equations.
Lightweight mail server with spam filtering and IMAP support.
TEXT

echo
printf 'test accuracy %.3f (%s)\n' "$(result runs/quickstart test accuracy)" \
  "$(thaw-data tfidf data/topics/train.tsv data/topics/test.tsv)"
