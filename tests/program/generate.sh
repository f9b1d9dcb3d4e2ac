#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# thaw generate: prompts of the command line, of the standard input and of files; texts, several with scores, options.
. "$(dirname "$0")/lib.bash"

small_writer
# Without the notes, which tell that no text has an end.
generate() {
  "$thaw" generate --model "$scratch/model" --max-new-tokens 6 "$@" 2> "$scratch/notes" ||
    { local status=$?; cat "$scratch/notes" >&2; return $status; }
}
seq 6 37 | sed 's/.*/word& word20 word&/' > "$scratch/prompts.txt"
sed -n '1~3s/ word20//p; 2~3p; 3~3s/$/ word9 word10 word11/p' "$scratch/prompts.txt" > "$scratch/uneven.txt"
mv "$scratch/uneven.txt" "$scratch/prompts.txt"

# However prompts come in, and however many are computed at once, the texts are the same, in their order.
generate --input-file "$scratch/prompts.txt" > "$scratch/said" || die "a file"
[ "$(head -1 "$scratch/said")" = $'text\tsource' ] || die "header: $(head -1 "$scratch/said")"
[ "$(wc -l < "$scratch/said")" = 33 ] || die "rows: $(wc -l < "$scratch/said")"
cut -f 2 "$scratch/said" | tail -n +2 | cmp - "$scratch/prompts.txt" || die "the prompts are in another order"
generate --input-file "$scratch/prompts.txt" --batch-size 1 | cmp - "$scratch/said" || die "--batch-size 1"
generate < "$scratch/prompts.txt" | cmp - "$scratch/said" || die "the standard input"
{ printf 'number\tsource\n'; cat -n "$scratch/prompts.txt" | sed 's/^ *//'; } > "$scratch/prompts.tsv"
generate --input-file "$scratch/prompts.tsv" | cmp - "$scratch/said" || die "a table"
for file in "$scratch/prompts.txt" "--input-file=$scratch/prompts.txt"; do
  "$thaw" predict --task text2text --model "$scratch/model" "$file" --max-new-tokens 6 2> /dev/null |
    cmp - "$scratch/said" || die "thaw predict writes other texts: $file"
done
tail -n +2 "$scratch/said" | cut -f 1 > "$scratch/texts"
sort -u "$scratch/texts" | awk 'END { exit NR < 2 }' || die "all texts are alike: $(head -3 "$scratch/texts")"

# Alone, and as they are written: prompts of the command line, or on demand.
mapfile -t prompts < "$scratch/prompts.txt"
generate "${prompts[@]}" > "$scratch/alone" || die "prompts of the command line"
cmp "$scratch/alone" "$scratch/texts" || die "texts in parts differ: $(diff "$scratch/alone" "$scratch/texts")"
generate --output-format text < "$scratch/prompts.txt" | cmp - "$scratch/texts" || die "--output-format text"
generate --output-format jsonl "word7 word8" > "$scratch/json" || die "jsonl"
holds "$scratch/json" '^{"source": "word7 word8", "text": "' "jsonl"

# Several texts have scores, the best first; what is drawn depends on seed and number alone.
generate --num-beams 4 --num-return-sequences 3 "${prompts[@]:0:2}" > "$scratch/beams" || die "beams"
[ "$(head -1 "$scratch/beams")" = $'number\tscore\ttext\tsource' ] || die "header of several: $(cat "$scratch/beams")"
awk -F '\t' 'NR > 1 { wrong += $1 != (NR - 2) % 3 + 1 || ($1 > 1 && $2 > before); before = $2 }
  END { exit NR != 7 || wrong }' "$scratch/beams" || die "several: $(cat "$scratch/beams")"
generate --do-sample --temperature 2 --seed 3 --input-file "$scratch/prompts.txt" > "$scratch/drawn" || die "sampling"
generate --do-sample --temperature 2 --seed 3 --batch-size 5 < "$scratch/prompts.txt" | cmp - "$scratch/drawn" ||
  die "what is drawn depends on the batch"
generate --do-sample --temperature 2 --seed 4 < "$scratch/prompts.txt" > "$scratch/other" || die "sampling"
! cmp -s "$scratch/drawn" "$scratch/other" || die "another seed draws the same"

# What the model's own file says counts where nothing is given, and is its fault where it cannot be.
cat > "$scratch/model/generation_config.json" <<< '{"num_beams": 3, "length_penalty": 5.0, "max_length": 4, "mine": 1}'
expect 0 "generation_config.json: not known, without effect: mine" "$thaw" generate --model "$scratch/model" word7
expect 2 "--temperature 0.5: without --do-sample nothing is drawn" generate --temperature 0.5 word7
expect 0 "--length-penalty has no effect: there are no beams" "$thaw" generate --model "$scratch/model" --num-beams 1 \
  --length-penalty 0 word7
expect 2 "--num-return-sequences 3: more than there are beams, 1" generate --num-beams 1 --num-return-sequences 3 word7
expect 2 "--repetition-penalty: a number from 0.001 to 1000 was expected" generate --repetition-penalty 0 word7
expect 2 '--length-penalty: a number from -20 to 20 was expected, not "-1e38"' generate --length-penalty -1e38 word7
expect 2 "--max-new-tokens: a whole number from 1 to 1000000 was expected" generate --max-new-tokens 1000001 word7
expect 0 "" "$thaw" generate --model "$scratch/model" --max-new-tokens 1000000 --forced-bos-token-id '[SEP]' word7
expect 0 "--seed has no effect: nothing is drawn" "$thaw" generate --model "$scratch/model" --seed 7 word7
cat > "$scratch/model/generation_config.json" <<< '{"num_beams": 100000}'
expect 1 "generation_config.json: num_beams 100000: from 1 to" generate word7
expect 0 "" generate --num-beams 1 word7
cat > "$scratch/model/generation_config.json" <<< '{"do_sample": true, "temperature": 0.7, "seed": 1}'
expect 2 "--temperature 0: a number above 0 was expected" generate --temperature 0 word7
generate --do-sample=false < "$scratch/prompts.txt" 2> /dev/null | cmp - "$scratch/said" || die "--do-sample=false"
rm "$scratch/model/generation_config.json"

# What is too long is told, or cut; what begins a text, or every prompt, must fit.
expect 1 "prompts.txt:3: the source has 3 tokens more than --max-length, 5" generate --max-length 5 \
  --input-file "$scratch/prompts.txt"
expect 0 "sources are too long" "$thaw" generate --model "$scratch/model" --max-length 5 --truncate \
  --input-file "$scratch/prompts.txt"
expect 1 "prompt:2: the source has 1 token more than --max-length, 4" generate --max-length 4 word7 "word7 word8 word9"
expect 1 "--source-prefix: its 4 tokens leave no room for a source within --max-length, 4" generate --max-length 4 \
  --source-prefix "word7 word8 " word9
expect 1 '--target-prefix: "word9 zzz" has "zzz", which the vocabulary does not know' generate \
  --target-prefix "word9 zzz" word7
generate --target-prefix "word9 word10" word7 word8 > "$scratch/prefixed" || die "--target-prefix"
[ "$(grep -c '^word9 word10' "$scratch/prefixed")" = 2 ] || die "--target-prefix: $(cat "$scratch/prefixed")"
expect 2 "--input-file: prompts stand on the command line" generate --input-file "$scratch/prompts.txt" word7
expect 2 "--format: prompts stand on the command line" generate --format tsv word7

# What the vocabulary does not know is told of, with the first of it and where it stands.
note() { grep -q "^note: $1" "$scratch/notes" || die "no note '$1': $(cat "$scratch/notes")"; }
printf 'word7 word8\nword9 zzz word10 yyy\n\nzzz\n' > "$scratch/unknown.txt"
generate --input-file "$scratch/unknown.txt" > /dev/null || die "unknown words"
note '2 of 4 sources have 3 tokens that the vocabulary does not know; the first: "zzz" (.*unknown.txt:2)$'
generate "word7 zzz" > /dev/null || die "an unknown word"
note '1 of 1 source has 1 token that the vocabulary does not know; the first: "zzz" (prompt:1)$'
generate word7 > /dev/null || die "known words"
! grep -q "does not know" "$scratch/notes" || die "known words are told to be unknown: $(cat "$scratch/notes")"

# What a command line can say wrong is told with the option, or the prompt's number.
expect 2 '--do-sample: true or false was expected, not "maybe"' generate --do-sample=maybe word7
expect 2 "prompt:2: empty: a text was expected" generate word7 ""
expect 2 "prompt:2: byte 7 is not valid UTF-8" generate word7 $'word8 \xff'
expect 2 '--source-prefix: byte 2 of "a\xff" is not valid UTF-8' generate --source-prefix $'a\xff' word7
generate - < "$scratch/prompts.txt" | cmp - "$scratch/said" || die "- is not the standard input"
generate - --format tsv < "$scratch/prompts.tsv" | cmp - "$scratch/said" || die "- with --format"
expect 2 "prompt:2: - is the standard input, which has no prompts beside it" generate word7 -
expect 2 "--input-file: prompts stand on the command line" generate --input-file "$scratch/prompts.txt" -
printf '[word7, word8]\n[]\n' > "$scratch/typed"
for mark in "" --; do
  generate --output-format tsv $mark "[word7, word8]" "[]" > "$scratch/brackets" || die "prompts in brackets"
  cut -f 2 "$scratch/brackets" | tail -n +2 | cmp - "$scratch/typed" || die "prompts in brackets are taken for lists"
done
generate word7 word8 > "$scratch/said" 2> /dev/null || die "two prompts"
generate word7 -- word8 2> /dev/null | cmp - "$scratch/said" || die "prompts before and behind --"
[ "$(generate -- --help | wc -l)" = 1 ] || die "behind -- no prompt is an option"
expect 1 'models of "bert" write no texts' "$thaw" generate --model "$source_dir/tests/goldens/bert_mlm" word7

# Rules about tokens that contradict each other, or are none.
expect 2 "--forced-bos-token-id word7: texts begin with --target-prefix" generate --forced-bos-token-id word7 \
  --target-prefix word9 word8
expect 2 "--forced-bos-token-id 7: --suppress-tokens forbids it" generate --forced-bos-token-id 7 \
  --suppress-tokens 7,8 word8
printf 'word8\n' > "$scratch/bad_words"
expect 2 "--forced-eos-token-id 7: --bad-words-file forbids it" generate --forced-eos-token-id 7 \
  --bad-words-file "$scratch/bad_words" word8
expect 2 "--suppress-tokens 7,,8: there is no token between two commas" generate --suppress-tokens 7,,8 word8
expect 1 '--suppress-tokens: "1000" is neither a token of the vocabulary nor the id of one' generate \
  --suppress-tokens 7,1000 word8
expect 0 "1 of 1 text: cut short or missing, as the rules forbid every token" "$thaw" generate \
  --model "$scratch/model" --suppress-tokens "$(seq -s , 0 $(($(wc -l < "$scratch/model/vocab.txt") - 1)))" word8
cat > "$scratch/model/generation_config.json" <<< '{"forced_bos_token_id": 7}'
expect 0 "generation_config.json: forced_bos_token_id has no effect: texts begin with --target-prefix" \
  "$thaw" generate --model "$scratch/model" --max-new-tokens 2 --target-prefix word9 word8
expect 2 "--suppress-tokens 7: forbids the --forced-bos-token-id of" generate --suppress-tokens 7 word8
rm "$scratch/model/generation_config.json"

# Several texts of several prompts: an empty line parts them.
generate --num-beams 3 --num-return-sequences 2 --output-format text "${prompts[@]:0:2}" > "$scratch/parted" ||
  die "several as text"
[ "$(awk '{ print NF == 0 }' "$scratch/parted" | tr -d '\n')" = 00100 ] || die "several: $(cat "$scratch/parted")"
"$thaw" generate --help | grep -- '--num-return-sequences' > /dev/null || die "help"
echo "generate: written, in order, as it comes"
