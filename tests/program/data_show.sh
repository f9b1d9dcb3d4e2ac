#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# data --show: the first examples as the model sees them, of each task.
. "$(dirname "$0")/lib.bash"
small_model
cd "$scratch"
printf 'text\tlabel\nword6 word7\tlow\nword8 strange\thigh\nword6 word7 word8 word9\tlow\n' > train.tsv
printf 'text\tlabel\nword9\thigh\n' > dev.tsv
show() { "$thaw" data --model model --train-file train.tsv "$@"; }

show --show 3 --max-length 5 > out 2> err || die "data --show: $(cat err)"
cat > expected <<'TEXT'
3 of 3 examples, single_label_classification (2 labels)

train.tsv:2: 4 tokens, label low
  [CLS] word6 word7 [SEP]

train.tsv:3: 4 tokens, label high
  [CLS] word8 [UNK] [SEP]

train.tsv:4: 5 tokens, label low
  [CLS] word6 word7 word8 [SEP]
  and 1 token that did not fit
TEXT
cmp -s out expected || die "data --show: $(cat out)"
expect 0 $'1 of 1 example, single_label_classification (2 labels)\n\ndev.tsv:2: 3 tokens, label high' \
  show --show 9 --validation-file dev.tsv --show-split validation

# All that is wrong with the data is told as ever.
printf 'text\tlabel\nword6\tlow\nword7\tother\n' > dev.tsv
expect 1 'dev.tsv:3' show --show 1 --validation-file dev.tsv --show-split validation

# Masked words: the same that are masked first in a training, marked.
show --task mlm --show 2 --mlm-probability 0.9 > out 2> err || die "mlm: $(cat err)"
holds out '^\*: the loss is about this token; ->X: it should be X$' "mlm"
holds out '^  \[CLS\] .*\*[^ ]*->word[67]' "mlm"
! grep -q "$(printf '\033')" out || die "colour where no terminal is"

# A terminal gets colour, unless NO_COLOR is set.
if command -v script > /dev/null; then
  in_terminal() { script -qec "$thaw data --model model --train-file train.tsv --task mlm --show 1" /dev/null; }
  in_terminal < /dev/null > out || die "in a terminal: $(cat out)"
  grep -q "$(printf '\033\\[1;36m').*->word" out || die "no colour in a terminal: $(cat out)"
  NO_COLOR=1 in_terminal < /dev/null > out || die "NO_COLOR: $(cat out)"
  ! grep -q "$(printf '\033')" out || die "colour in spite of NO_COLOR"
fi

# A question is one example, whatever windows its context is cut into.
for id in 1 2; do
  printf '{"id": "%s", "question": "word6", "context": "%s", "answers": {"text": ["word7"], "answer_start": [0]}}\n' \
    $id "word7 word8 word9 word6 word7 word8 word9 word6 word7 word8 word9 word6"
done > questions.jsonl
"$thaw" data --model model --task qa --train-file questions.jsonl --max-length 10 --doc-stride 2 --show 1 \
  > out 2> err ||
  die "qa: $(cat err)"
holds out '^1 of 2 examples, ' "questions"
[ "$(grep -c '^questions.jsonl:1' out)" -gt 1 ] || die "not all windows of the question: $(cat out)"
! grep -q '^questions.jsonl:2' out || die "more than one question: $(cat out)"

# Data that an option of the task names have parts of their own.
for split in validation test; do
  expect 0 '1 of 30 examples, ' "$thaw" data --model model --task frozen --problem bit-xor --xor-bits 4 \
    --train-size 50 --validation-size 30 --test-size 30 --show 1 --show-split $split
done

expect 2 '--show requires --model' "$thaw" data --train-file train.tsv --show 3
expect 2 '--show: a whole number of at least 1 was expected' show --show 0
expect 2 '--show-split requires --show' show --show-split test
expect 2 '--show-split: one of test, train, validation was expected, not "dev"' show --show 1 --show-split dev
expect 2 '--show-split: test needs --test-file' show --show 1 --show-split test
expect 0 'stands what they should be' "$thaw" data --help
echo "data --show: examples as the model sees them"
