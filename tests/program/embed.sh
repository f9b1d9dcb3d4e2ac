#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Embeddings through the program: learnt from pairs, resumed bit for bit, written as .npy from files and the standard
# input, compared.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/labelled.tsv" 48 1 pair
sed 's/\tsame$/\t0.9/; s/\tdifferent$/\t-0.5/; 1s/label/score/' "$scratch/labelled.tsv" > "$scratch/pairs.tsv"
head -n 17 "$scratch/pairs.tsv" > "$scratch/validation.tsv"
pairs="--task embed --train-file $scratch/pairs.tsv --validation-file $scratch/validation.tsv --text-pair-column other"

finetune_quietly "$scratch/run" $pairs --num-train-epochs 2 --save-strategy steps --save-steps 4
holds "$scratch/log" \
  'embeddings of [0-9]* numbers (mean of a text.s tokens, unit length), partners found' "what is learnt"
at_least "$(result "$scratch/run" eval recall_at_10)" 0 "recall"
mkdir "$scratch/half"
cp -r "$scratch/run/checkpoint-4" "$scratch/half/"
finetune_quietly "$scratch/half" $pairs --num-train-epochs 2 --save-strategy steps --save-steps 4 --resume
same_weights "$scratch/run" "$scratch/half" "a resumed run has other weights"
# Partners are found within a micro-batch: how it is cut makes another run, but not where scores are learnt.
expect 1 "--batch-tokens was not given" "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/run" \
  --learning-rate 3e-3 --batch-size 16 $pairs --num-train-epochs 2 --save-strategy steps --save-steps 4 \
  --resume-if-any --batch-tokens 64
rm -r "$scratch/half"
mkdir "$scratch/half"
cp -r "$scratch/run/checkpoint-4" "$scratch/half/"
expect 1 "batch-tokens was 0, is 64" "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/half" \
  --learning-rate 3e-3 --batch-size 16 $pairs --num-train-epochs 2 --save-strategy steps --save-steps 4 \
  --resume --batch-tokens 64
finetune_quietly "$scratch/scored" $pairs --max-steps 2 --score-column score --pooling first --normalize false
holds "$scratch/log" 'spearman' "scores"
holds "$scratch/scored/1_Pooling/config.json" '"pooling_mode_cls_token": true' "pooling is kept"
expect 0 "finished before" "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/scored" \
  --learning-rate 3e-3 --batch-size 16 $pairs --max-steps 2 --score-column score --pooling first --normalize false \
  --resume-if-any --batch-tokens 64
[ -d "$scratch/run/2_Normalize" ] && [ ! -e "$scratch/scored/2_Normalize" ] || die "unit length is kept"
holds "$scratch/run/modules.json" 'sentence_transformers.models.Normalize' "modules"

# Rows are in the order of the texts, whatever the batch; the file appears whole or not at all.
tail -n +2 "$scratch/pairs.tsv" | cut -f1 > "$scratch/texts.txt"
embed() { "$thaw" embed --model "$scratch/run" "$@"; }
expect 0 "48 rows of " embed "$scratch/texts.txt" --output "$scratch/a.npy"
expect 0 "48 rows of " embed "$scratch/pairs.tsv" --output "$scratch/b.npy"
cmp -s "$scratch/a.npy" "$scratch/b.npy" || die "a table gives other vectors than lines"
embed --output "$scratch/b.npy" < "$scratch/texts.txt" > /dev/null
cmp -s "$scratch/a.npy" "$scratch/b.npy" || die "the standard input gives other vectors"
head -n 1 "$scratch/a.npy" | grep -aq "'descr': '<f4'.*'shape': (48, " || die "no NumPy header"
embed "$scratch/texts.txt" --output "$scratch/c.npy" --pooling first > /dev/null
! cmp -s "$scratch/a.npy" "$scratch/c.npy" || die "--pooling changes nothing"
printf 'word6\n\xff\n' > "$scratch/bad.txt"
expect 1 "bad.txt:2" embed "$scratch/bad.txt" --output "$scratch/none.npy"
[ ! -e "$scratch/none.npy" ] || die "half a file"
expect 2 "--output is required" embed "$scratch/texts.txt"
expect 2 "--pooling" embed "$scratch/texts.txt" --output "$scratch/none.npy" --pooling max
expect 0 "1_Pooling" "$thaw" embed --help

# An evaluation in larger batches than training's says what the run said.
"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/validation.tsv" --text-pair-column other \
  --output "$scratch/judged.json" > /dev/null || die "evaluate"
for metric in loss mrr recall_at_1; do
  same_results "$scratch/judged.json" "$scratch/run/eval_results.json" $metric "not as finetune"
done
holds "$scratch/judged.json" '"text": "word.* | word' "both texts of a pair"

# Texts that do not fit are counted: each text of a pair by itself.
printf 'text\tother\nword6 word7 word8\tword6\nword6 word7\tword6 word7 word8 word9\n' > "$scratch/long.tsv"
expect 0 "note: 2 of 4 texts are too long: 3 tokens are cut off" "$thaw" predict --model "$scratch/run" \
  "$scratch/long.tsv" --text-pair-column other --max-length 4
expect 0 "note: 1 of 2 texts is too long: 1 token is cut off" embed "$scratch/long.tsv" --output "$scratch/cut.npy" \
  --max-length 4
# A file that is read is not written to; what a signal ends leaves nothing behind.
expect 1 "is file, too: it would be overwritten" embed "$scratch/texts.txt" --output "$scratch/texts.txt"
expect 1 "is the standard input, too" embed --output "$scratch/texts.txt" < "$scratch/texts.txt"
[ "$(wc -l < "$scratch/texts.txt")" = 48 ] || die "the texts were overwritten"
mkdir "$scratch/stopped"
mkfifo "$scratch/in"
"$thaw" embed --model "$scratch/run" --output "$scratch/stopped/a.npy" --batch-size 1 < "$scratch/in" > /dev/null &
pid=$!
exec 8> "$scratch/in"
echo "word6 word7" >&8
for _ in $(seq 400); do [ -z "$(ls -A "$scratch/stopped")" ] || break; sleep 0.05; done
[ -n "$(ls -A "$scratch/stopped")" ] || die "no file is being written"
kill -s TERM "$pid"
status=0
wait "$pid" || status=$?
exec 8>&-
[ "$status" = 143 ] || die "SIGTERM: status $status"
[ -z "$(ls -A "$scratch/stopped")" ] || die "SIGTERM left: $(ls -A "$scratch/stopped")"

# Cosines of pairs; bad rows and options.
"$thaw" predict --model "$scratch/run" "$scratch/pairs.tsv" --text-pair-column other > "$scratch/out"
[ "$(head -n 1 "$scratch/out")" = $'cosine\ttext\ttext_pair' ] && [ "$(wc -l < "$scratch/out")" = 49 ] || die "cosines"
"$thaw" predict --model "$scratch/run" "$scratch/pairs.tsv" --text-pair-column other --output-format jsonl \
  > "$scratch/out"
holds "$scratch/out" '"text_pair": "[^"]*", "cosine": -*[01]' "JSONL"
expect 2 "--text-pair-column: needed" "$thaw" predict --model "$scratch/run" "$scratch/pairs.tsv"
bad() { expect "$1" "$2" "$thaw" finetune --task embed --model "$scratch/model" --output-dir "$scratch/none" "${@:3}"; }
bad 2 "--text-pair-column: needed" --train-file "$scratch/pairs.tsv"
bad 2 "--score-column: its pairs need no" --train-file "$scratch/pairs.tsv" --text-pair-column other \
  --score-column score --symmetric
printf 'text\tother\tscore\na\tb\t4.5\n' > "$scratch/bad.tsv"
bad 1 'bad.tsv:2: score is "4.5": expected a number in [-1, 1]' --train-file "$scratch/bad.tsv" \
  --text-pair-column other --score-column score
# Alone in its micro-batch, a pair teaches nothing: refused before the first step, but for scores and negatives.
head -n 2 "$scratch/pairs.tsv" > "$scratch/one.tsv"
lone="every micro-batch has one example: nothing is learnt"
bad 1 "$lone" --train-file "$scratch/pairs.tsv" --text-pair-column other --batch-size 1
bad 1 "$lone" --train-file "$scratch/pairs.tsv" --text-pair-column other --batch-tokens 10
bad 1 "$lone" --train-file "$scratch/one.tsv" --text-pair-column other
expect 1 "$lone" "$thaw" plan --model "$scratch/model" --task embed --train-file "$scratch/one.tsv" \
  --text-pair-column other
finetune_quietly "$scratch/lone" --task embed --train-file "$scratch/pairs.tsv" --text-pair-column other \
  --score-column score --batch-size 1 --max-steps 2
expect 0 "rows" "$thaw" data --model "$scratch/model" $pairs
expect 0 "encoder.layer.0" "$thaw" plan --model "$scratch/model" --task embed --train-file "$scratch/pairs.tsv" \
  --text-pair-column other
echo "embeddings: learnt, resumed, written, compared"
