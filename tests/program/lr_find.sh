#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lr-find tells a rate that learns, draws its curve, and writes nothing else.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 200 1
cd "$scratch"
files() { find . -type f -exec sha256sum {} + | sort; }
before=$(files)

find_rate() { "$thaw" lr-find --model model --train-file train.tsv --batch-size 16 "$@"; }
find_rate --svg rates.svg > out 2> err || die "lr-find: $(cat err)"
holds out '^the loss falls fastest at  *[0-9.]*e-0[1-5]$' "lr-find"
holds out '^a tenth of where it is least  *[0-9.]*e-0[1-5]$' "lr-find"
holds out '^ *+[-+]*$' "the axis"
[ "$(grep -c '\*' out)" -gt 5 ] || die "no curve: $(cat out)"
top=$(sed -n 's/^ *\([0-9.]*\) +.*/\1/p' out | head -n 1)
at_least 1.5 "$top" "the end of the axis: no more of the lost loss than can be seen beside the curve"
holds err '^step 50/100 ' "progress"
holds rates.svg '>falls fastest</text>' "the picture"
holds rates.svg '>1e-5</text>' "the picture"
! grep -q 'learning rate: ' out || die "a rate is told, and is what is looked for: $(cat out)"
rm rates.svg out err
[ "$(files)" = "$before" ] || die "something was written: $(ls)"

# The rate that it says learns. The head alone has another curve.
find_rate --num-steps 60 > first 2> /dev/null
rate=$(sed -n 's/^try --learning-rate //p' first)
"$thaw" finetune --model model --train-file train.tsv --validation-file train.tsv --output-dir run --batch-size 16 \
  --learning-rate "$rate" --num-train-epochs 5 --save-strategy no > log 2>&1 || die "finetune: $(cat log)"
at_least "$(result run eval accuracy)" 0.85 "accuracy at $rate"
find_rate --num-steps 60 --config run/options.txt --freeze 'bert.*' > head 2> /dev/null || die "lr-find --config"
! cmp -s first head || die "the same answer for the head alone"

expect 0 "the loss did not fall: no rate can be suggested" find_rate --num-steps 10 --start-lr 1e-9 --end-lr 1e-8
expect 0 "10 steps, until the loss was lost" find_rate --num-steps 10 --start-lr 1e-6 --end-lr 100
expect 2 '--start-lr: 1 is not below --end-lr 0.5' find_rate --start-lr 1 --end-lr 0.5
expect 2 '--start-lr: a number above 0' find_rate --start-lr 0
expect 2 '--num-steps: a whole number from 10 to 1000000 was expected, not "5"' find_rate --num-steps 5
expect 2 '--num-step: not known; near: --num-steps' find_rate --num-step 5
expect 2 '--train-file is required' "$thaw" lr-find --model model
expect 1 'none is not a directory' find_rate --svg none/rates.svg
expect 1 '--svg ./train.tsv: is --train-file, too: it would be overwritten' find_rate --svg ./train.tsv
expect 1 'is a directory, not a file' find_rate --svg model
expect 1 'every parameter is frozen' find_rate --freeze '*'
expect 0 'The range test (Smith 2017)' "$thaw" lr-find --help
echo "lr-find: a rate that learns, and nothing written"
