#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is a pretrained encoder worth to a model that writes? A line that says what a package is, from the first
# paragraph of its description, by encoder-decoders of two BERTs (Rothe et al. 2020): nothing pretrained, the encoder
# alone, both, both in one set of layers, and both with the encoder frozen, which then runs once for each text. A table
# shows them on the test texts, beside what needs no learning.
#
#   examples/summarize.sh [OPTIONS OF thaw finetune for all arms, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" minilm summaries

out=runs/summarize
mkdir -p "$out"
# Every second text, gone through twice, and every third of the test: all arms the same.
some() {
  [ ! -f "$out/$1.tsv" ] || return 0
  awk -v n="$2" 'NR == 1 || NR % n == 0' "data/summaries/$1.tsv" > "$out/$1.tsv.new"
  mv "$out/$1.tsv.new" "$out/$1.tsv"
}
some train 2
some test 3

# What is new learns at three times the rate of what was pretrained.
pretrained=1e-4 new=3e-4
# arm NAME RATE OPTIONS OF init -- OPTIONS OF finetune
arm() {
  local name=$1 rate=$2 init=()
  shift 2
  while [ "$1" != -- ]; do init+=("$1") && shift; done
  shift
  echo "== $name"
  [ -d "$out/begin/$name" ] || thaw init --type encoder-decoder --encoder data/minilm --decoder-layers 3 --seed 1 \
    "${init[@]}" --output-dir "$out/begin/$name"
  thaw_finetune --task text2text --model "$out/begin/$name" --train-file "$out/train.tsv" --test-file "$out/test.tsv" \
    --max-length 96 --max-target-length 24 --label-smoothing 0.1 --num-train-epochs 2 --batch-size 64 \
    --learning-rate "$rate" --warmup-ratio 0.1 --num-beams 4 --length-penalty 0.6 --seed 1 --eval-strategy no \
    --save-strategy no --output-dir "$out/$name" "$@"
}
cross=(--lr "*.crossattention.*=$new" --lr "decoder.cls.*=$new")
arm rnd2rnd "$new" --random-encoder --random-decoder -- "$@"
arm bert2rnd "$new" --random-decoder -- --lr "encoder.*=$pretrained" "$@"
arm bert2bert "$pretrained" -- "${cross[@]}" "$@"
arm share "$pretrained" --share -- "${cross[@]}" "$@"
arm frozen "$pretrained" -- "${cross[@]}" --freeze 'encoder.*' --cache-dtype bf16 "$@"

echo
thaw-data text-baselines "$out/test.tsv" --train "$out/train.tsv"
echo
printf '%-12s %8s %8s %8s %8s %10s\n' "" rouge1 rouge2 rougeL copied "training, s"
for name in rnd2rnd bert2rnd bert2bert share frozen; do
  printf '%-12s %8.3f %8.3f %8.3f %8.3f %10.0f\n' "$name" \
    $(for metric in rouge1 rouge2 rougeL copied_words; do result "$out/$name" test "$metric"; done) \
    "$(result "$out/$name" train train_seconds)"
done
# The paper's order: encoders that know more write better, whatever the decoder knows; sharing does no harm.
better() {
  awk -v a="$(result "$out/$1" test rouge1)" -v b="$(result "$out/$2" test rouge1)" -v x="$1" -v y="$2" \
    'BEGIN { printf "%s %s %s: %+.3f rouge1\n", x, (a > b ? "above" : "not above"), y, a - b }'
}
echo
better bert2rnd rnd2rnd
better bert2bert bert2rnd
better share bert2bert
better bert2bert frozen
