#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Words with labels: trained from lists and columns, resumed, predicted in every form; what is odd about the data is
# told, and what cannot be meant is one line.
. "$(dirname "$0")/lib.bash"
small_model

# sentences FILE ROWS SEED: 3 to 10 words a line of CoNLL; some words begin an entity, others end one.
sentences() {
  awk -v rows="$2" -v seed="$3" '
    function word(first, count) { return "word" (first + int(rand() * count)) }
    BEGIN {
      srand(seed)
      for (i = 0; i < rows; i++) {
        for (n = 3 + int(rand() * 8); n > 0; n--) {
          if (rand() < 0.3) { print word(36, 9), "B-UP"; if (rand() < 0.5) print word(46, 9), "I-UP" }
          else print word(6, 30), "O"
        }
        print ""
      }
    }' > "$1"
}
# as_lists FILE: the same as JSONL.
as_lists() {
  awk '
    NF { w = w s "\"" $1 "\""; t = t s "\"" $2 "\""; s = ", "; next }
    { print "{\"tokens\": [" w "], \"tags\": [" t "]}"; w = t = s = "" }' "$1"
}
sentences "$scratch/train.conll" 300 1
sentences "$scratch/validation.conll" 60 2
as_lists "$scratch/train.conll" > "$scratch/train.jsonl"
as_lists "$scratch/validation.conll" | sed 's/"tags"/"ner"/' > "$scratch/ner.jsonl"
finetune() {
  "$thaw" finetune --task tokens --model "$scratch/model" --learning-rate 5e-3 --batch-size 8 "$@" \
    > "$scratch/log" 2>&1 || die "training failed: $(cat "$scratch/log")"
}

# What was learnt.
finetune --train-file "$scratch/train.conll" --validation-file "$scratch/validation.conll" --num-train-epochs 4 \
  --output-dir "$scratch/run" --save-strategy no --eval-strategy no
at_least "$(result "$scratch/run" eval f1)" 0.8 "f1"
at_least "$(result "$scratch/run" eval accuracy)" 0.9 "accuracy"
holds "$scratch/run/thaw_task.json" '"task": "tokens"' "what a run keeps"
holds "$scratch/run/config.json" 'BertForTokenClassification' "config.json"

# Lists and columns are the same; a run that goes on, and one from its own options, end with the same bits.
short() { finetune --max-steps 8 --save-strategy steps --save-steps 4 --logging-steps 4 "$@"; }
short --train-file "$scratch/train.conll" --output-dir "$scratch/short"
short --train-file "$scratch/train.jsonl" --output-dir "$scratch/lists"
same_weights "$scratch/short" "$scratch/lists" "lists and columns give other models"
cp -r "$scratch/short" "$scratch/half"
rm -r "$scratch"/half/{model.safetensors,train_results.json,checkpoint-8}
short --train-file "$scratch/train.conll" --output-dir "$scratch/half" --resume
same_weights "$scratch/short" "$scratch/half" "resumed, the weights differ"
"$thaw" finetune --config "$scratch/short/options.txt" --output-dir "$scratch/again" > "$scratch/log" 2>&1 ||
  die "--config: $(cat "$scratch/log")"
same_weights "$scratch/short" "$scratch/again" "another model from its own options"

# Judged: finetune's numbers, types of entities, labels by their numbers, what was not learnt from.
sed 's/ B-UP$/ 0/; s/ I-UP$/ 1/; s/ O$/ 2/' "$scratch/validation.conll" > "$scratch/numbers.conll"
for file in validation numbers; do
  "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/$file.conll" --output "$scratch/$file.json" \
    > "$scratch/report" || die "evaluate: $file"
  same_results "$scratch/$file.json" "$scratch/run/eval_results.json" f1 "evaluate: $file"
  holds "$scratch/report" '^UP  *[01]\.[0-9]*  *[01]\.[0-9]*  *[01]\.[0-9]*  *[0-9]*$' "a type of entities"
done
expect 0 "the labels 0, 1, 2 are taken as numbers of the model's classes (0 is \"B-UP\")" "$thaw" evaluate \
  --model "$scratch/run" --test-file "$scratch/numbers.conll"
expect 0 "words that are cut off: " "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/validation.conll" \
  --max-length 5

# Predictions: columns as they came, from every form; --model alone tells the task.
predict() { "$thaw" predict --model "$scratch/run" "$@"; }
predict "$scratch/validation.conll" > "$scratch/said" || die "predict"
[ "$(cut -f1 "$scratch/said")" = "$(cut -d' ' -f1 "$scratch/validation.conll")" ] || die "the words are not in order"
cut -f2 "$scratch/said" | grep -qvxE 'B-UP|I-UP|O|' && die "labels"
awk 'NF { w = w s $1; s = " "; next } { print w; w = s = "" }' "$scratch/validation.conll" > "$scratch/texts.txt"
predict "$scratch/texts.txt" | cmp -s - "$scratch/said" || die "plain text"
predict < "$scratch/texts.txt" | cmp -s - "$scratch/said" || die "standard input"
predict --format tsv < "$scratch/said" | cmp -s - "$scratch/said" || die "its own output"
predict "$scratch/ner.jsonl" | cmp -s - "$scratch/said" || die "lists"
predict "$scratch/texts.txt" --output-format jsonl > "$scratch/said.jsonl" || die "JSONL out"
predict "$scratch/said.jsonl" | cmp -s - "$scratch/said" || die "its own JSONL"
holds "$scratch/said.jsonl" '"entities": \[{"type": "UP", "text": "word[0-9]*", "start": [0-9]*, "end": [0-9]*}' \
  "entities"
predict "$scratch/texts.txt" --probabilities | awk -F'\t' '
  NF && (NF != 3 || $3 < 0.3 || $3 > 1) { exit 1 }' || die "probabilities"
# Too long for the model, and without a token: O, and counted.
{ sed -n 1p "$scratch/texts.txt"; printf '\001 word7\n'; } > "$scratch/odd.txt"
predict "$scratch/odd.txt" --max-length 3 2> "$scratch/notes" | cut -f2 > "$scratch/labels"
[ "$(sed -n '2,/^$/p' "$scratch/labels" | grep -cvx 'O\|')" = 0 ] || die "words that are cut"
holds "$scratch/notes" '^note: 1 of 2 sentences is longer than 3 tokens: [0-9]* words beyond are labelled O unseen' \
  "cut"
holds "$scratch/notes" '^note: 1 word has no token' "a word without a token"

# thaw data and plan.
sed '1s/B-UP/I-UP/; 1s/ O$/ I-UP/' "$scratch/validation.conll" > "$scratch/odd.conll"
"$thaw" data --task tokens --model "$scratch/model" --train-file "$scratch/train.conll" \
  --test-file "$scratch/odd.conll" --max-length 5 > "$scratch/data" || die "data"
holds "$scratch/data" '^B-UP  *[0-9]* ' "data: labels"
holds "$scratch/data" '^UP  *[0-9]* ' "data: entities"
holds "$scratch/data" '^warning: test: I- or E- that no B- .*: 1, the first .*odd.conll:1, "I-UP" after the' "data: I-"
holds "$scratch/data" '^warning: train: words beyond 5 tokens' "data: words that are cut"
"$thaw" plan --task tokens --model "$scratch/model" --train-file "$scratch/train.conll" > "$scratch/plan" || die "plan"
"$thaw" plan --task tokens --model "$scratch/model" > /dev/null || die "plan without data"

# Parts of speech: told what the scores are.
sed 's/ .-UP/ NOUN/; s/ O$/ VERB/' "$scratch/train.conll" > "$scratch/speech.conll"
finetune --train-file "$scratch/speech.conll" --max-steps 2 --output-dir "$scratch/speech" --save-strategy no
holds "$scratch/log" 'no label names an entity' "parts of speech"

# What cannot be meant.
tokens() { "$thaw" finetune --task tokens --model "$scratch/model" --output-dir "$scratch/none" "$@"; }
expect 1 'ner.jsonl:1: has no "tags" (it has: tokens, ner): --tags-column names another' \
  tokens --train-file "$scratch/ner.jsonl"
printf '{"tokens": ["a", "b"], "tags": ["O"]}\n' > "$scratch/bad.jsonl"
expect 1 'bad.jsonl:1: tags: 1 label for 2 words' tokens --train-file "$scratch/bad.jsonl"
printf 'a O\nb\n' > "$scratch/bad.conll"
expect 1 'bad.conll:2: 1 column, the first word has 2: is its label missing?' tokens --train-file "$scratch/bad.conll"
printf 'a O\nb b-up\n' > "$scratch/case.conll"
expect 1 'case.conll:2: unknown label "b-up" ("B-UP" differs by upper and lower case only' \
  tokens --train-file "$scratch/train.conll" --validation-file "$scratch/case.conll"
printf 'a O\n' > "$scratch/one.conll"
expect 1 'every word has the label "O"' tokens --train-file "$scratch/one.conll"
expect 1 '--tags-column: "tag" is no number of a column' tokens --train-file "$scratch/train.conll" --tags-column tag
cp "$scratch/one.conll" "$scratch/none.tsv"
expect 1 '.jsonl, .conllu, or .conll' tokens --train-file "$scratch/none.tsv"
expect 2 '--words-column and --tags-column: both are "tokens"' \
  tokens --train-file "$scratch/train.jsonl" --tags-column tokens
expect 2 '--label-column: no option of the task tokens' tokens --train-file "$scratch/train.jsonl" --label-column tags
expect 2 '--max-length: 1 leaves no room' tokens --train-file "$scratch/train.jsonl" --max-length 1
expect 1 'no word has a token among the 2 of --max-length' tokens --train-file "$scratch/train.jsonl" --max-length 2
expect 1 'has no head for words' "$thaw" predict --task tokens --model "$scratch/model" "$scratch/texts.txt"
expect 2 '--format csv: words are read from lines' predict --format csv "$scratch/texts.txt"
[ ! -e "$scratch/none" ] || die "something was written"
for command in finetune data plan predict; do
  expect 0 "--words-column" "$thaw" "$command" --help
done
echo "tokens: as it must be"
