#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tokenizers trained through the program: of lines, tables and the like, the same files every time; a model that is
# trained with one; what is wrong is one line, and nothing is written.
. "$(dirname "$0")/lib.bash"
corpus=$source_dir/tests/models/text/training_cases/corpus.txt
train() { "$thaw" tokenizer train --files "$corpus" "$@"; }

expect 0 "400 tokens of 120 texts" train --type wordpiece --vocab-size 400 --output-dir "$scratch/wordpiece"
expect 0 "tokenizer.json, tokenizer_config.json" train --type bpe --vocab-size 400 --output-dir "$scratch/bpe"
expect 0 "303 tokens of 120 texts" train --type unigram --vocab-size 300 --extra-ids 3 --output-dir "$scratch/unigram"
[ "$(wc -l < "$scratch/wordpiece/vocab.txt")" = 400 ] || die "vocab.txt"
[ "$(head -n 1 "$scratch/bpe/merges.txt")" = "#version: 0.2" ] || die "merges.txt"
[ -s "$scratch/unigram/spiece.model" ] || die "spiece.model"
holds "$scratch/wordpiece/tokenizer_config.json" '"tokenizer_class": "BertTokenizer"' "the class"
holds "$scratch/unigram/tokenizer_config.json" '"extra_ids": 3' "the sentinels"

# Tables, columns and packed files give what lines give.
{ echo $'id\tbody\tother'; awk '{ print NR "\t" $0 "\t" $0 }' "$corpus"; } > "$scratch/table.tsv"
gzip -k "$scratch/table.tsv"
for type in wordpiece bpe unigram; do
  size=400
  [ $type != unigram ] || size="300 --extra-ids 3"
  "$thaw" tokenizer train --type $type --vocab-size $size --files "$scratch/table.tsv.gz" --text-column body \
    --output-dir "$scratch/table_$type" > "$scratch/log" || die "a table: $(cat "$scratch/log")"
  diff -r "$scratch/$type" "$scratch/table_$type" > "$scratch/log" || die "another tokenizer: $(cat "$scratch/log")"
done
head -n 60 "$corpus" > "$scratch/first.txt"
tail -n +61 "$corpus" > "$scratch/second"
"$thaw" tokenizer train --type bpe --vocab-size 400 --files "$scratch/first.txt" "$scratch/second" --format lines \
  --output-dir "$scratch/two" > "$scratch/log" || die "two files: $(cat "$scratch/log")"
diff -r "$scratch/bpe" "$scratch/two" > "$scratch/log" || die "two files give another tokenizer: $(cat "$scratch/log")"
expect 0 "of 240 texts" "$thaw" tokenizer train --type bpe --vocab-size 400 --files "$scratch/table.tsv" \
  --text-column body --text-column other --output-dir "$scratch/columns"

# A model with such a tokenizer is trained.
small_model
size=$(sed -n 's/.*"vocab_size": \([0-9]*\).*/\1/p' "$scratch/model/config.json")
rm "$scratch/model/vocab.txt"
train --type wordpiece --vocab-size "$size" --special-tokens '<one>' --special-tokens '[A,B]' --limit-alphabet 20 \
  --output-dir "$scratch/small" > /dev/null
grep -qxF '[A,B]' "$scratch/small/vocab.txt" || die "a special token in brackets is taken for a list"
cp "$scratch"/small/* "$scratch/model/"
head -n 40 "$corpus" > "$scratch/texts.txt"
finetune_quietly "$scratch/run" --task mlm --train-file "$scratch/texts.txt" --max-steps 2
cmp -s "$scratch/small/tokenizer.json" "$scratch/run/tokenizer.json" || die "the tokenizer is kept"

# What is wrong.
none() {
  [ ! -e "$scratch/none" ] && [ ! -e "$scratch/none.tmp" ] || die "something was written: $(ls -d "$scratch"/none*)"
}
bad() { expect "$1" "$2" train --output-dir "$scratch/none" "${@:3}"; none; }
bad 2 "--type" --vocab-size 400
bad 2 "--vocab-size" --type bpe
bad 2 "--type: one of" --type word --vocab-size 400
bad 2 "--vocab-size: a whole number" --type bpe --vocab-size many
bad 2 "--vocab-size 100: characters and special tokens alone are 257" --type bpe --vocab-size 100
bad 2 "--vocab-size 5: characters and special tokens alone are " --type unigram --vocab-size 5
bad 2 "--vocab-size 9000: the texts make no more than" --type wordpiece --vocab-size 9000
grep -q 'tokens with --min-frequency [0-9]* and --limit-alphabet [0-9]*$' "$scratch/expect.err" ||
  die "why they are few: $(cat "$scratch/expect.err")"
bad 2 "--vocab-size 9000: the texts make no more than" --type unigram --vocab-size 9000
bad 2 '--special-tokens "<extra_id_3>": is a sentinel, of which --extra-ids says how many there are' \
  --type unigram --vocab-size 300 --special-tokens '<extra_id_3>'
bad 2 "--do-lower-case: no option of --type unigram" --type unigram --vocab-size 300 --lowercase true
# Folders above the new one stay where a tokenizer is in them, and where they were there before.
deep() { train --type unigram --output-dir "$scratch/none/a/b" --vocab-size "$1" > /dev/null 2>&1; }
! deep 9000 || die "9000 tokens"
none
mkdir "$scratch/none"
! deep 9000 || die "9000 tokens"
[ -d "$scratch/none" ] && [ ! -e "$scratch/none/a" ] || die "a folder was removed, or left: $(find "$scratch/none")"
deep 300 && [ -s "$scratch/none/a/b/spiece.model" ] || die "folders"
rm -r "$scratch/none"
bad 2 "--extra-ids: no option of --type bpe" --type bpe --vocab-size 400 --extra-ids 3
bad 2 "--limit-alphabet: no option of --type unigram" --type unigram --vocab-size 300 --limit-alphabet 3
bad 2 '--special-tokens' --type bpe --vocab-size 400 --special-tokens $'a\nb'
wrong() {
  expect "$1" "$2" "$thaw" tokenizer train --type bpe --vocab-size 400 --output-dir "$scratch/none" "${@:3}"
  none
}
wrong 2 "--files"
wrong 1 "$scratch/nothing.txt" --files "$scratch/nothing.txt"
: > "$scratch/empty.txt"
wrong 1 "empty.txt: has no texts" --files "$scratch/empty.txt"
printf '\n\n' > "$scratch/blank.txt"
wrong 1 "blank.txt: has no texts" --files "$scratch/blank.txt"
printf ' \n' > "$scratch/blank.txt"
expect 1 "no words in 1 text:" "$thaw" tokenizer train --type wordpiece --vocab-size 400 --files "$scratch/blank.txt" \
  --output-dir "$scratch/none"
printf 'good\nb\xffd\n' > "$scratch/latin.txt"
wrong 1 "latin.txt:2" --files "$corpus" "$scratch/latin.txt"
wrong 1 "text" --files "$scratch/table.tsv"
wrong 1 "$scratch/second" --files "$scratch/second"
expect 1 "has a tokenizer already (tokenizer.json)" train --type bpe --vocab-size 400 --output-dir "$scratch/bpe"
expect 0 "400 tokens" train --type bpe --vocab-size 400 --output-dir "$scratch/new/below/"
mkdir "$scratch/there"
expect 0 "400 tokens" train --type bpe --vocab-size 400 --output-dir "$scratch/there"
diff -r "$scratch/new/below" "$scratch/there" > "$scratch/log" || die "a new directory: $(cat "$scratch/log")"
expect 1 "is not a directory" train --type bpe --vocab-size 400 --output-dir "$scratch/blank.txt"
expect 2 "action" "$thaw" tokenizer untrain --type bpe --vocab-size 400 --files "$corpus" --output-dir "$scratch/none"
none
echo "tokenizers: trained, saved, used"
