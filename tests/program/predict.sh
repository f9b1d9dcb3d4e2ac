#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Texts come in as lines, TSV, CSV or JSONL, from files or the standard input; answers go out in their order, whatever
# the batch size.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 200 1
finetune_quietly "$scratch/run" --train-file "$scratch/train.tsv" --num-train-epochs 3
predict() { "$thaw" predict --model "$scratch/run" "$@"; }

tail -n +2 "$scratch/train.tsv" | cut -f1 > "$scratch/texts.txt"
predict "$scratch/texts.txt" > "$scratch/from_lines" || die "lines"
header=$(head -n 1 "$scratch/from_lines")
[ "$header" = $'label\tprobability\ttext' ] || die "header: $header"
[ "$(tail -n +2 "$scratch/from_lines" | cut -f3)" = "$(cat "$scratch/texts.txt")" ] ||
  die "the texts are not in their order"
tail -n +2 "$scratch/from_lines" | awk -F'\t' '$1 != "low" && $1 != "high" || $2 < 0.5 || $2 > 1 { exit 1 }' ||
  die "labels or probabilities"

same() { cmp -s "$scratch/from_lines" - || die "$1: other answers than from lines"; }
predict < "$scratch/texts.txt" | same "standard input"
predict --input-file "$scratch/texts.txt" | same "--input-file"
expect 2 "--input-file" predict "$scratch/texts.txt" --input-file "$scratch/texts.txt"
THAW_DEVICE='' THAW_ISA='' THAW_GEMM='' THAW_THREADS='' THAW_PROFILE='' THAW_POISON='' \
  predict < "$scratch/texts.txt" 2> "$scratch/log" | same "empty variables"
[ ! -s "$scratch/log" ] || die "empty variables: $(cat "$scratch/log")"
predict "$scratch/train.tsv" | same "TSV"
predict --format tsv < "$scratch/train.tsv" | same "TSV from the standard input"
# Batches of other sizes may round the last digit otherwise: labels and texts are compared.
predict --batch-size 7 "$scratch/train.tsv" | cut -f1,3 | cmp -s - <(cut -f1,3 "$scratch/from_lines") ||
  die "batch size"
{ echo 'text'; sed 's/.*/"&"/' "$scratch/texts.txt"; } > "$scratch/texts.csv"
predict "$scratch/texts.csv" | same "CSV"
sed 's/.*/{"id": 1, "body": "&"}/' "$scratch/texts.txt" > "$scratch/texts.jsonl"
predict "$scratch/texts.jsonl" --text-column body | same "JSONL"
cp "$scratch/texts.jsonl" "$scratch/texts"
predict "$scratch/texts" --format jsonl --text-column body | same "JSONL by --format"

# JSONL out: the same labels; with all probabilities, they add up to 1.
predict "$scratch/texts.txt" --output-format jsonl | sed 's/.*"label": "\([a-z]*\)".*/\1/' |
  cmp -s - <(tail -n +2 "$scratch/from_lines" | cut -f1) || die "JSONL out"
predict "$scratch/texts.txt" --output-format jsonl --probabilities > "$scratch/all.jsonl"
head -n 1 "$scratch/all.jsonl" | grep -q '"probabilities": {"high": 0\.[0-9]*, "low": 0\.[0-9]*}' ||
  die "JSONL probabilities"
predict "$scratch/texts.txt" --probabilities | awk -F'\t' '
  NR == 1 { ok = $3 == "high" && $4 == "low" }
  NR > 1 && ($3 + $4 < 0.9997 || $3 + $4 > 1.0003) { ok = 0 }
  END { exit !ok }' || die "probabilities"

# Tabs and line breaks of a text become spaces in TSV; JSONL keeps them.
printf 'text\n"word6\nword7\tword8"\n' > "$scratch/odd.csv"
[ "$(predict "$scratch/odd.csv" | tail -n 1 | cut -f3)" = "word6 word7 word8" ] || die "a line break in a text, in TSV"
predict "$scratch/odd.csv" --output-format jsonl | grep -qF 'word6\nword7\tword8' || die "a line break, in JSONL"
# An empty line is a text too; no input is no output.
[ "$(printf 'word6\n\nword7\n' | predict | wc -l)" = 4 ] || die "an empty line"
[ "$(predict < /dev/null | wc -l)" = 1 ] || die "no input"

# Answers come while the input is still open.
mkfifo "$scratch/in"
predict --batch-size 1 < "$scratch/in" > "$scratch/out" &
exec 8> "$scratch/in"
echo "word6 word7" >&8
for _ in $(seq 200); do [ "$(wc -l < "$scratch/out")" -ge 2 ] && break; sleep 0.05; done
[ "$(wc -l < "$scratch/out")" = 2 ] || die "no answer while the input is open"
exec 8>&-
wait $! || die "status $?"

expect 1 "has no column \"body\"" predict "$scratch/train.tsv" --text-column body
expect 1 "no.tsv" predict "$scratch/no.tsv"
printf 'word6\n\xff\n' > "$scratch/bad.txt"
expect 1 "bad.txt:2" predict "$scratch/bad.txt"
expect 2 "--output-format" predict --output-format xml
echo "predict: as it must be"
