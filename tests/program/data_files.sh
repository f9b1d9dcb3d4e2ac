#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Data files as other programs write them: what is read, what is refused by name, and what is warned of, by `thaw data`
# and by training.
. "$(dirname "$0")/lib.bash"
small_model
thaw=$(realpath "$thaw")
cd "$scratch"

# warns COUNT TEXT FILE OPTIONS...: `thaw data` gives COUNT warnings besides those of few rows, TEXT among them
warns() {
  local count=$1 text=$2 file=$3
  shift 3
  "$thaw" data --train-file "$file" "$@" > report 2>&1 || die "data $file: $(cat report)"
  [ "$(grep '^warning' report | grep -vc 'the label .* has [0-9]* rows\?$')" = "$count" ] ||
    die "$file: not $count warnings: $(cat report)"
  [ "$count" = 0 ] || grep -qF -- "$text" report || die "$file: no '$text' in: $(cat report)"
}
# refuses TEXT FILE OPTIONS...: `thaw data` ends with the error TEXT
refuses() { expect 1 "$1" "$thaw" data --train-file "${@:2}"; }
trains() {
  rm -rf run
  "$thaw" finetune --model model --train-file "$@" --output-dir run --max-steps 1 --save-strategy no > log 2>&1
}

# Labels as 0/1 vectors: a class a place, named by the model if it has as many.
printf '{"text":"word7","label":[1,0]}\n{"text":"word8","label":[0,1]}\n{"text":"word9","label":[1,0]}\n' > two.jsonl
warns 0 "" two.jsonl --label-separator '|'
grep -q '^0 *2  66.7 %' report && grep -q '^1 *1  33.3 %' report || die "two.jsonl: $(cat report)"
printf 'text,label\nword7,"1.0, 0.0, 1.0"\nword8,"0.0, 0.0, 0.0"\n' > three.csv
warns 1 'rows without a label: 1, the first three.csv:3' three.csv --label-separator ', '
grep -q '^2 *1  50.0 %' report || die "three.csv: $(cat report)"
trains two.jsonl --label-separator '|' || die "two.jsonl: $(cat log)"
grep -q '"problem_type": "multi_label_classification"' run/config.json || die "two.jsonl: config.json"
grep -q '^labels are read as 0/1 vectors of 2' log || die "two.jsonl: not a word of vectors: $(cat log)"
printf 'text\tlabel\nword7\t0\nword8\t1\nword9\t0|1\n' > sets.tsv # names, not vectors
warns 0 "" sets.tsv --label-separator '|'
grep -q '^0 *2  66.7 %' report || die "sets.tsv: $(cat report)"
printf 'text\tlabel\nword7\t1|0\nword8\t1|0|1\n' > unequal.tsv
refuses '0/1 vectors must have one length' unequal.tsv --label-separator '|'
refuses 'is no 0/1 vector of 2' two.jsonl --validation-file unequal.tsv --label-separator '|'

# Labels that look alike are told apart and warned of, not merged.
printf 'text,label\nword7,pos\nword8,pos \nword9,neg\n' > blank.csv
warns 1 'the labels "pos" and "pos " differ by blanks only' blank.csv
trains blank.csv || die "blank.csv: $(cat log)"
holds log '^warning: blank.csv:3: the labels "pos" and "pos " differ by blanks only' blank.csv
printf 'text,label\nword7,caf\303\251\nword8,cafe\314\201\n' > nfd.csv
warns 1 '"cafe\u0301" and "caf\u00e9"' nfd.csv
printf 'text\tlabel\nword7\ta | b\nword8\tb\n' > around.tsv
warns 2 'do blanks belong to --label-separator?' around.tsv --label-separator '|'

# One cell that is no number among numbers; numbers as people write them; class numbers with a point.
printf 'text\tlabel\n' > numbers.tsv
for i in $(seq 40); do printf 'word%d\t%d.%d\n' $((i + 6)) $((i / 10)) $((i % 10)); done >> numbers.tsv
warns 0 "" numbers.tsv
sed '31s/\t.*/\tN\/A/' numbers.tsv > stray.tsv
for command in data "finetune --model model --output-dir no" "plan --model model"; do
  expect 1 'stray.tsv:31: the label "N/A" is not a number, but 39 of 40 labels are' \
    "$thaw" $command --train-file stray.tsv
done
"$thaw" data --train-file stray.tsv --problem-type single_label_classification > report || die "stray.tsv as classes"
printf 'text\tlabel\nword7\t+1.5\nword8\t 0.25\nword9\t2\n' > written.tsv
warns 0 "" written.tsv
grep -q 'numbers from 0.25 to 2' report || die "written.tsv: $(cat report)"
printf 'text\tlabel\nword7\t1,5\nword8\t0,25\n' > comma.tsv
refuses 'comma.tsv:2: the label "1,5" is not a number (a comma in a number? write 1.5 or 1234)' comma.tsv
printf 'text,label\nword7,1.0\nword8,0.0\n' > whole.csv
warns 1 'whole.csv:2: no label has a fraction' whole.csv
trains whole.csv || die "whole.csv: $(cat log)"
grep -q '^warning: whole.csv:2: no label has a fraction' log || die "whole.csv: no warning: $(cat log)"

# Numbers that f32 does not hold, and such as it hardly computes with.
printf 'text\tlabel\nword7\t0.5\nword8\t1e39\nword9\t1\n' > huge.tsv
for command in data "finetune --model model --output-dir no" "plan --model model"; do
  for files in "huge.tsv" "numbers.tsv --validation-file huge.tsv"; do
    expect 1 'huge.tsv:3: the label "1e39" is too large' "$thaw" $command --train-file $files
  done
done
sed 's/1e39/1e30/' huge.tsv > large.tsv
warns 1 'large.tsv:3: the label "1e30" is a large number (1 row beyond a million)' large.tsv
"$thaw" plan --model model --train-file large.tsv > log 2>&1 || die "large.tsv: $(cat log)"
[ "$(grep -c 'is a large number' log)" = 1 ] || die "large.tsv: $(cat log)"
sed 's/1e39/1e-400/' huge.tsv > tiny.tsv
warns 0 "" tiny.tsv

# Lists are labels; a text is a string.
printf '{"text":["word7"],"label":["a","b"]}\n{"text":"word8","label":["a"]}\n' > list.jsonl
refuses 'list.jsonl:1: "text" is a list: a text is expected there' list.jsonl
refuses 'list.jsonl:1: "text" is a list: a text is expected there' list.jsonl --label-separator '|'

# Extensions in capital letters.
cp written.tsv WRITTEN.TSV
warns 0 "" WRITTEN.TSV

# What asks for the kind of problem is named.
cp -r model multi
sed -i 's/"problem_type": *[^,}]*/"problem_type": "multi_label_classification"/; t
  s/^{/{"problem_type": "multi_label_classification",/' multi/config.json
expect 1 'problem_type in multi/config.json' "$thaw" plan --model multi --train-file blank.csv
cp -r model number
sed 's/multi_label_classification/regression/; /"LABEL_[1-9]/d; s/\("LABEL_0"\),/\1/; s/\("LABEL_0": 0\),/\1/' \
  multi/config.json > number/config.json
expect 1 'blank.csv:2: the label "pos" is not a number, as regression needs it (problem_type in number/config.json' \
  "$thaw" plan --model number --train-file blank.csv

# Files that are no table of text in UTF-8 say what they are, in one line that a terminal can show.
printf 'text,label\rword7,1\rword8,0\r' > cr.csv
refuses 'cr.csv: its lines end in CR alone' cr.csv
printf 'text\tlabel\nword7\t1\nword8\t0\n' > plain.tsv
for encoding in UTF-16 UTF-16LE UTF-16BE UTF-32; do
  iconv -f UTF-8 -t $encoding plain.tsv > encoded.tsv
  refuses "encoded.tsv: is ${encoding%?E}" encoded.tsv
done
printf 'text,label\ncaf\351,1\nword8,0\n' > latin.csv
refuses 'latin.csv:2: byte 4 of the line is not valid UTF-8: 0xE9' latin.csv

# Gzip'd files are read as they are, whatever they are called.
gzip -k plain.tsv
warns 0 "" plain.tsv.gz
cp plain.tsv.gz packed.tsv
warns 0 "" packed.tsv
cp plain.tsv plain_too.tsv.gz
warns 0 "" plain_too.tsv.gz
"$thaw" predict --model run plain.tsv > of_plain.tsv
"$thaw" predict --model run plain.tsv.gz | cmp - of_plain.tsv || die "a gzip'd file gives other predictions"
"$thaw" predict --model run --format tsv < plain.tsv.gz | cmp - of_plain.tsv || die "a gzip'd stream does"
head -c 30 plain.tsv.gz > cut.tsv.gz
refuses 'cut.tsv.gz: is a gzip file that is cut off' cut.tsv.gz
expect 1 'is a gzip file that is cut off' "$thaw" predict --model run --format tsv cut.tsv.gz
printf '[{"text":"word7","label":1},\n{"text":"word8","label":0}]\n' > array.json
refuses 'array.json:1: expected an object, found the beginning of an array: JSONL has one object a line' array.json
printf '{"text":"word7","label":1,"score":NaN}\n\n{"text":"word8","label":0,"score":-Infinity}\n' > nan.jsonl
warns 0 "" nan.jsonl
printf '{"text":"word7","label":1}\n{"text":"cut \\ud83d","label":0}\n' > half.jsonl
refuses 'half.jsonl:2: text: not JSON: byte 14: a string holds half of a surrogate pair, \ud83d' half.jsonl
printf 'text\tlabel\n\nword7\t1\n\nword8\t0\n\n' > blanks.tsv
warns 0 "" blanks.tsv
printf 'text\033[2J\tlabel\nword7\t1\n' > escape.tsv
refuses 'text\u001b[2J' escape.tsv
echo "data files: read, refused or warned of as they must be"
