#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Missing spans through the program: a T5 begun from scratch, killed, resumed bit for bit, judged, asked to fill gaps,
# and gone on from to write texts for texts.
. "$(dirname "$0")/lib.bash"

goldens=${THAW_GOLDENS:-$source_dir/../shared/goldens}
[ -d "$goldens/t5_v10" ] || goldens=$source_dir/tests/goldens
mkdir "$scratch/model"
sed 's/"vocab_size": [0-9]*/"vocab_size": 384/' "$goldens/t5_v10/config.json" > "$scratch/model/config.json"
echo '{"tokenizer_class": "ByT5Tokenizer"}' > "$scratch/model/tokenizer_config.json"

# Sentences of a few words; one that is too long, one without two tokens, one with a sentinel of its own.
awk 'BEGIN {
  srand(1); split("the a one", d); split("cat dog bird", n); split("sat ran sang", v)
  for (i = 0; i < 120; i++) print d[1 + int(rand() * 3)] " " n[1 + int(rand() * 3)] " " v[1 + int(rand() * 3)]
  for (i = 0; i < 30; i++) printf "a long text "
  print "\nx\na gap <extra_id_0> already"
}' > "$scratch/train.txt"
head -n 20 "$scratch/train.txt" > "$scratch/validation.txt"

spans() { finetune_quietly "$@" --task spans --from-scratch --train-file "$scratch/train.txt" --max-length 32; }

# Without being asked, no weights are made up.
expect 1 "model: has neither model.safetensors nor" "$thaw" finetune --task spans --model "$scratch/model" \
  --train-file "$scratch/train.txt" --output-dir "$scratch/none"
expect 0 "shared" "$thaw" plan --task spans --from-scratch --model "$scratch/model" --train-file "$scratch/train.txt"
expect 0 "several examples" "$thaw" data --task spans --model "$scratch/model" --train-file "$scratch/train.txt" \
  --max-length 32
"$thaw" data --task spans --model "$scratch/model" --train-file "$scratch/train.txt" --show 1 \
  > "$scratch/log" || die "data --show"
holds "$scratch/log" '<extra_id_0>' "what is shown"

spans "$scratch/run" --max-steps 80 --validation-file "$scratch/validation.txt" --eval-strategy no
holds "$scratch/log" '^from scratch: [0-9]* tensors, all of them new' "what is begun with"
holds "$scratch/log" 'missing spans (15 % of the tokens, 3 a span)' "what is learnt"
holds "$scratch/log" '1 text of more than [0-9]* tokens: [0-9]* examples were made of it' "a long text"
holds "$scratch/log" '2 texts have fewer than two tokens, or sentinels already: passed over, the first .*:122$' "notes"
at_least "$(result "$scratch/run" eval accuracy)" 0.3 "accuracy"

# Killed at any moment and gone on with: the same bits.
short=(--max-steps 30 --validation-file "$scratch/validation.txt" --eval-strategy no)
spans "$scratch/whole" "${short[@]}"
for attempt in 1 2 3 4; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 --batch-size 16 \
      --task spans --from-scratch --train-file "$scratch/train.txt" --max-length 32 "${short[@]}" \
      --save-strategy steps --save-steps 7 \
      --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 60 + 20)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
spans "$scratch/killed" "${short[@]}" --save-strategy steps --save-steps 7 --resume-if-any
same_weights "$scratch/whole" "$scratch/killed" "a resumed run has other weights"

spans "$scratch/short" --max-steps 2
for other in "--seed 3" "--noise-density 0.3" "--mean-noise-span-length 2" --join-texts; do
  spans "$scratch/other" --max-steps 2 $other
  ! cmp -s "$scratch/short/model.safetensors" "$scratch/other/model.safetensors" || die "$other changes nothing"
  rm -r "$scratch/other"
done

# The directory keeps its task; it is judged by the spans that the run was judged by, and fills gaps.
"$thaw" evaluate --model "$scratch/run" --test-file "$scratch/validation.txt" --output "$scratch/judged.json" \
  > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
same_results "$scratch/judged.json" "$scratch/run/eval_results.json" loss "judged again"
same_results "$scratch/judged.json" "$scratch/run/eval_results.json" accuracy "judged again"
echo 'the c<extra_id_0> sat' > "$scratch/gaps.txt"
"$thaw" predict --model "$scratch/run" "$scratch/gaps.txt" > "$scratch/out" || die "predict"
[ "$(head -n 1 "$scratch/out")" = $'text\tsource' ] || die "header: $(cat "$scratch/out")"
[ "$(sed -n 2p "$scratch/out" | cut -f2)" = 'the c<extra_id_0> sat' ] || die "source: $(cat "$scratch/out")"
"$thaw" predict --model "$scratch/run" --output-format jsonl < "$scratch/gaps.txt" | grep -q '"spans": {' || die "JSONL"
expect 1 "validation.txt:1: the text has no sentinel (<extra_id_0>, ...): nothing is missing" \
  "$thaw" predict --model "$scratch/run" "$scratch/validation.txt"

gap() {
  printf '%s\n' "$2" > "$scratch/gaps.txt"
  expect 1 "gaps.txt:1: $1" "$thaw" predict --model "$scratch/run" "$scratch/gaps.txt"
}
gap "<extra_id_500> is no sentinel of the tokenizer, whose last is <extra_id_124>" 'a <extra_id_0> b <extra_id_500>'
gap "<extra_id_00> is no sentinel of the tokenizer" 'a <extra_id_00>'
gap "<extra_id_1> stands where <extra_id_0> was expected: sentinels count up from <extra_id_0>" \
  'a <extra_id_1> b <extra_id_0>'
gap "<extra_id_2> stands where <extra_id_1> was expected" 'a <extra_id_0> b <extra_id_2>'
gap "<extra_id_0> stands where <extra_id_1> was expected" 'a <extra_id_0> b <extra_id_0>'
echo 'a <extra_id_0> b <extra_id_1> <extra_id_x>' > "$scratch/gaps.txt"
"$thaw" predict --model "$scratch/run" "$scratch/gaps.txt" > "$scratch/out" || die "two gaps"

# Another task goes on from it, with all of its weights.
printf 'source\ttarget\na cat\tsat\na dog\tran\n' > "$scratch/pairs.tsv"
finetune_quietly "$scratch/pairs" --task text2text --model "$scratch/run" --train-file "$scratch/pairs.tsv" \
  --max-steps 2
holds "$scratch/log" '^[0-9]* tensors loaded' "loaded"
! grep -q '^new:' "$scratch/log" || die "new tensors: $(cat "$scratch/log")"

# What cannot be meant.
bad() { expect "$1" "$2" "$thaw" finetune --task spans --from-scratch --model "$scratch/model" \
  --output-dir "$scratch/none" "${@:3}"; }
bad 2 "--noise-density" --train-file "$scratch/train.txt" --noise-density 1.5
bad 2 "--mean-noise-span-length" --train-file "$scratch/train.txt" --mean-noise-span-length 0.5
bad 2 "--max-length: 2 leaves no room for 3" --train-file "$scratch/train.txt" --max-length 2
bad 2 "--max-length 9000: texts of 9999 tokens need 501 sentinels, the tokenizer has 125" \
  --train-file "$scratch/train.txt" --max-length 9000
bad 2 "--noise-density 0.99: texts of " --train-file "$scratch/train.txt" --noise-density 0.99
bad 2 "--noise-density 0.9999999: texts of 1000000 tokens have sources of no more than 512 (" \
  --train-file "$scratch/train.txt" --noise-density 0.9999999 --mean-noise-span-length 100000
bad 2 "--mean-noise-span-length 1: texts of " --train-file "$scratch/train.txt" --mean-noise-span-length 1 \
  --max-length 1000
bad 1 'has no column "body"' --train-file "$scratch/pairs.tsv" --text-column body
printf 'x\ny\n' > "$scratch/single.txt"
bad 1 "single.txt: none of its 2 texts has two tokens and no sentinel" --train-file "$scratch/single.txt"
mkdir "$scratch/bert"
cp "$source_dir"/tests/goldens/bert_mlm/config.json "$scratch/bert/"
cp "$scratch/model/tokenizer_config.json" "$scratch/bert/"
expect 1 'models of "bert" write no texts' "$thaw" finetune --task spans --from-scratch --model "$scratch/bert" \
  --train-file "$scratch/train.txt" --output-dir "$scratch/none"
echo "missing spans: trained from scratch, killed, resumed, judged, filled, gone on from"
