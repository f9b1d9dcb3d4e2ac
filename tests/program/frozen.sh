#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The frozen transformer through the program: generated problems, pictures and lines of sequences are planned, trained,
# killed and resumed, judged, compared and predicted, and every way of tuning works on its body.
. "$(dirname "$0")/lib.bash"

goldens=${THAW_GOLDENS:-$source_dir/../shared/goldens}
[ -d "$goldens/fpt_bert" ] || goldens=$source_dir/tests/goldens
cp -r "$goldens/fpt_bert/body" "$scratch/model"
chmod -R u+w "$scratch/model"

frozen() { finetune_quietly "$@" --task frozen --eval-strategy no; }
xor=(--problem bit-xor --xor-bits 4)
same_change() { cmp -s "$1/thaw_change.safetensors" "$2/thaw_change.safetensors" || die "$3"; }

# 24 channels, 2 layers: 48 + 240 + 8 positions of 24 + 50.
plan=("$thaw" plan --task frozen --model "$scratch/model")
expect 0 "530 " "${plan[@]}" "${xor[@]}"
"${plan[@]}" "${xor[@]}" > "$scratch/log" || die "plan"
holds "$scratch/log" '^train sequence_model.\*LayerNorm.\*: 10 tensors' "the usual rules"
holds "$scratch/log" '^train sequence_model.embeddings.position_embeddings.weight rows 0:8: 1 tensor' "the usual rules"
expect 0 "192 sequences of 8 to 8 rows" "$thaw" data --task frozen "${xor[@]}"
expect 0 "by the first id alone: 0." "$thaw" data --task frozen --problem listops --train-size 200 --test-size 200
expect 0 "[MAX" "$thaw" data --task frozen --problem listops --train-size 9 --model "$scratch/model" --show 3 \
  --listops-longest 40

# It learns, and what is saved is what was trained; its own test data judge it.
frozen "$scratch/run" "${xor[@]}" --max-steps 400 --learning-rate 1e-2 --body-dropout 0
holds "$scratch/log" '^trained: 530 of ' "what is trained"
holds "$scratch/log" 'frozen transformer (rows of 1 number, 4 answers of 2 classes in the last 4 rows)' \
  "what is learnt"
[ -f "$scratch/run/thaw_change.safetensors" ] && [ ! -e "$scratch/run/model.safetensors" ] || die "what is saved"
at_least "$(result "$scratch/run" test accuracy)" 0.6 "accuracy"
expect 0 exact_match "$thaw" evaluate --model "$scratch/run" --output "$scratch/evaluation.json"
same_results "$scratch/evaluation.json" "$scratch/run/test_results.json" loss "an evaluation"
expect 2 "--problem bit-xor: its sequences are rows of 1 number, 5 answers" "$thaw" evaluate --model "$scratch/run" \
  --xor-bits 5
expect 1 "changes the model" "$thaw" evaluate --model "$(mv "$scratch/model" "$scratch/moved"; echo "$scratch/run")"
mv "$scratch/moved" "$scratch/model"

# Killed at any moment and gone on with: the same bits, of a random body, too.
short=(--max-steps 40 --body random)
frozen "$scratch/whole" "${xor[@]}" "${short[@]}"
! grep -q 'not used' "$scratch/log" || die "of a random body: $(cat "$scratch/log")"
for attempt in 1 2 3; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 --batch-size 16 \
      --task frozen --eval-strategy no "${xor[@]}" "${short[@]}" --save-strategy steps --save-steps 7 \
      --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 60 + 20)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
frozen "$scratch/killed" "${xor[@]}" "${short[@]}" --save-strategy steps --save-steps 7 --resume-if-any
same_change "$scratch/whole" "$scratch/killed" "a resumed run has other weights"
expect 0 "finished before" "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" \
  --learning-rate 3e-3 --batch-size 16 --task frozen --eval-strategy no "${xor[@]}" "${short[@]}" \
  --save-strategy steps --save-steps 7 --resume-if-any
for other in "--body statistics" "--body-dropout 0.5" "--problem-seed 2" "--body random --body-seed 9"; do
  frozen "$scratch/short" "${xor[@]}" --max-steps 3
  frozen "$scratch/other" "${xor[@]}" --max-steps 3 $other
  ! cmp -s "$scratch/short/thaw_change.safetensors" "$scratch/other/thaw_change.safetensors" ||
    die "$other changes nothing"
  rm -r "$scratch/short" "$scratch/other"
done

# Other rules, adapters, the cache of what is frozen, bodies from scratch, rates: as in any task.
frozen "$scratch/output" "${xor[@]}" --max-steps 30 --freeze '*' --train 'out_net.*'
holds "$scratch/log" '^trained: 50 of ' "output alone"
holds "$scratch/log" 'in_net.0 to sequence_model.encoder.layer.1' "what is kept"
expect 0 accuracy "$thaw" evaluate --model "$scratch/output"
frozen "$scratch/lora" "${xor[@]}" --max-steps 10 --lora 'r=2'
expect 0 accuracy "$thaw" evaluate --model "$scratch/lora"
lora_trained=$(grep '^trained: ' "$scratch/log")
frozen "$scratch/gone_on" "${xor[@]}" --max-steps 2 --model "$scratch/lora"
holds "$scratch/log" "^$lora_trained" "an adapter that is gone on with trains something else"
"$thaw" plan --model "$scratch/lora" "${xor[@]}" > "$scratch/log" || die "plan of an adapter"
! grep -q '^train sequence_model' "$scratch/log" || die "the usual rules are a plan's of an adapter"
frozen "$scratch/all" "${xor[@]}" --max-steps 10 --train '*' --save model
[ -f "$scratch/all/model.safetensors" ] || die "a whole model is saved where that is asked for"
# No row reads the table of words, whatever is asked for.
words='^sequence_model.embeddings.word_embeddings.weight: nothing reads it, so it stays frozen'
holds "$scratch/log" "$words" "the table of words"
printf '%s\n' 'freeze *' 'train out_net.*' 'from step 2' 'train *' > "$scratch/rules.txt"
for rules in "--mask-file $scratch/rules.txt" "--unfreeze-every 2"; do
  frozen "$scratch/stages" "${xor[@]}" --max-steps 20 $rules
  [ "$(grep -c "$words" "$scratch/log")" = 1 ] || die "$rules: $(cat "$scratch/log")"
  rm -r "$scratch/stages"
done
for command in plan lr-find "mask --by fisher --keep 0.1 --max-steps 1 --output $scratch/mask.safetensors"; do
  expect 0 "${words#^}" "$thaw" $command --model "$scratch/model" --task frozen "${xor[@]}" --train '*'
done
# Without rules a mask is chosen of all that the body has; not of new layers.
"$thaw" mask --model "$scratch/model" --task frozen "${xor[@]}" --keep 0.01 --output "$scratch/mask.safetensors" \
  > "$scratch/log" 2>&1 || die "mask: $(cat "$scratch/log")"
holds "$scratch/log" '^sequence_model.embeddings.position_embeddings.weight' "a mask"
! grep -q '^in_net' "$scratch/log" || die "a mask of what is new: $(cat "$scratch/log")"
frozen "$scratch/masked" "${xor[@]}" --max-steps 5 --freeze '*' --train 'out_net.*' \
  --train "* mask $scratch/mask.safetensors"
expect 0 accuracy "$thaw" evaluate --model "$scratch/all"
frozen "$scratch/scratch" "${xor[@]}" --max-steps 10 --from-scratch --gradient-checkpointing
holds "$scratch/log" '^from scratch' "what is begun with"
"$thaw" lr-find --model "$scratch/model" --task frozen "${xor[@]}" --max-steps 30 > "$scratch/log" 2>&1 ||
  die "lr-find: $(cat "$scratch/log")"
printf '%s\n' "usual --learning-rate 1e-3" "output --freeze * --train out_net.*" > "$scratch/plans.txt"
"$thaw" compare --plans "$scratch/plans.txt" --output-dir "$scratch/compared" --seeds 1 --model "$scratch/model" \
  --task frozen "${xor[@]}" --max-steps 5 > "$scratch/log" 2>&1 || die "compare: $(cat "$scratch/log")"
holds "$scratch/log" '^usual ' "a comparison"

# A change and its base as one model: the one with the same bits, of adapters with the same numbers; and back.
for tuned in run lora; do
  expect 0 "read again, it gives the same numbers" "$thaw" merge --model "$scratch/$tuned" \
    --output-dir "$scratch/merged_$tuned"
  [ -f "$scratch/merged_$tuned/model.safetensors" ] || die "what was merged is no whole model"
  "$thaw" evaluate --model "$scratch/merged_$tuned" --output "$scratch/merged_$tuned.json" > "$scratch/log" 2>&1 ||
    die "a merged model: $(cat "$scratch/log")"
done
same_results "$scratch/merged_run.json" "$scratch/run/test_results.json" loss "a merged model"
same_results "$scratch/merged_lora.json" "$scratch/lora/test_results.json" accuracy "merged adapters"
expect 0 "held to $scratch/model" "$thaw" unmerge --model "$scratch/merged_lora" --adapter "$scratch/lora" \
  --output-dir "$scratch/unmerged"

# Pictures: two of 8 x 8, a white and a black one; lines of ids, learnt and predicted.
pictures() {  # NAME: 40 of them, in turn
  { printf '\0\0\010\3\0\0\0\050\0\0\0\010\0\0\0\010'
    for i in $(seq 20); do head -c 64 /dev/zero; head -c 64 /dev/zero | tr '\0' '\377'; done
  } > "$scratch/$1-images-idx3-ubyte"
  { printf '\0\0\010\1\0\0\0\050'; for i in $(seq 20); do printf '\3\5'; done; } > "$scratch/$1-labels-idx1-ubyte"
}
pictures train
gzip -k "$scratch/train-images-idx3-ubyte" "$scratch/train-labels-idx1-ubyte"
frozen "$scratch/seen" --train-file "$scratch/train-images-idx3-ubyte.gz" \
  --test-file "$scratch/train-images-idx3-ubyte" --max-steps 60 --learning-rate 1e-2 --body-dropout 0
at_least "$(result "$scratch/seen" test accuracy)" 1 "accuracy of pictures"
"$thaw" predict --model "$scratch/seen" --input-file "$scratch/train-images-idx3-ubyte" > "$scratch/log" ||
  die "predict"
[ "$(tail -n +2 "$scratch/log" | cut -f1 | tr -d '\n')" = "$(printf '35%.0s' $(seq 20))" ] ||
  die "predictions of several batches: $(cat "$scratch/log")"
cp "$scratch/train-images-idx3-ubyte.gz" "$scratch/alone-images-idx3-ubyte.gz"
"$thaw" predict --model "$scratch/seen" --input-file "$scratch/alone-images-idx3-ubyte.gz" > "$scratch/alone" ||
  die "predict without labels"
cmp "$scratch/log" "$scratch/alone" || die "predictions without labels are others"
expect 2 "--format csv: sequences are read from jsonl" "$thaw" predict --model "$scratch/seen" --format csv \
  --input-file "$scratch/train-images-idx3-ubyte"
for i in $(seq 60); do
  printf '{"ids": [%d, %d, %d], "answer": %d}\n' $((i % 3)) $((i % 2)) $((i % 5)) $((i % 2))
done > "$scratch/ids.jsonl"
frozen "$scratch/ids" --train-file "$scratch/ids.jsonl" --validation-split 0.2 --max-steps 80 --learning-rate 1e-2
at_least "$(result "$scratch/ids" eval accuracy)" 0.7 "accuracy of ids"
echo '{"ids": [1, 0, 4], "answer": null}' |
  "$thaw" predict --model "$scratch/ids" --output-format jsonl > "$scratch/log" || die "predict ids"
holds "$scratch/log" '{"answer": [01], "probability": ' "a prediction"
# Positions that no training sequence had are told of.
echo '{"ids": [1, 0, 4, 1, 2], "answer": 1}' > "$scratch/longer.jsonl"
longer='1 of 1 sequence has more than the 3 rows of the longest to learn from (up to 5): positions behind those are not'
expect 0 "warning: $scratch/longer.jsonl: $longer" "$thaw" evaluate --model "$scratch/ids" \
  --test-file "$scratch/longer.jsonl"
expect 0 "note: $longer" "$thaw" predict --model "$scratch/ids" --input-file "$scratch/longer.jsonl"
expect 0 "warning: test: $longer" "$thaw" data --task frozen --train-file "$scratch/ids.jsonl" \
  --test-file "$scratch/longer.jsonl"
expect 0 "warning: $scratch/longer.jsonl: $longer" "$thaw" finetune --model "$scratch/model" --task frozen \
  --train-file "$scratch/ids.jsonl" --validation-file "$scratch/longer.jsonl" --max-steps 1 \
  --output-dir "$scratch/longer"

# What is wrong, in a line.
bad() {
  expect "$1" "$2" "$thaw" finetune --model "$scratch/model" --task frozen --output-dir "$scratch/none" "${@:3}"
}
bad 2 "bit-and" --problem bit-and
bad 2 "--problem names the data" "${xor[@]}" --test-file "$scratch/ids.jsonl"
bad 2 "--listops-depth 7: it is of listops, and --problem is bit-xor" "${xor[@]}" --listops-depth 7
bad 2 "--xor-bits 1: of so few bits there are 4 different sequences: 3 to learn from, 0 to validate and 0 to test by" \
  --problem bit-xor --xor-bits 1
bad 2 "--body-seed 3: it is of a random body, and --body is pretrained" "${xor[@]}" --body-seed 3
for numbers in statistics random; do
  bad 2 "--body $numbers: of a model from scratch all numbers are random" "${xor[@]}" --body $numbers --from-scratch
done
bad 2 "--patch 2: it is of pictures, and $scratch/ids.jsonl has none" --patch 2 --train-file \
  "$scratch/ids.jsonl"
bad 2 "--bits 120: strings of so many bits cannot be cut into rows of 50" --problem bit-memory --bits 120
finetune_quietly "$scratch/left" --model "$scratch/model" --task frozen "${xor[@]}" --max-steps 2 \
  --save-strategy steps --save-steps 2
expect 1 "; of its options --problem-seed was not given, is 3" "$thaw" finetune --model "$scratch/model" --task frozen \
  "${xor[@]}" --max-steps 2 --save-strategy steps --save-steps 2 --learning-rate 3e-3 --batch-size 16 \
  --problem-seed 3 --resume --output-dir "$scratch/left"
bad 1 "--train-size: 364 sequences are asked for, of which there are 256 different ones" "${xor[@]}" --train-size 300
bad 1 "a sequence of 127 rows, and the body has positions for 40" --problem listops --train-size 9
bad 1 "pictures of 8 x 8 cannot be cut into patches of 3 x 3" --train-file "$scratch/train-images-idx3-ubyte" --patch 3
printf '{"ids": [1, 2], "answer": 0}\n{"ids": [%s1], "answer": 1}\n' "$(printf '1, %.0s' $(seq 40))" \
  > "$scratch/long.jsonl"
bad 1 "long.jsonl:2: a sequence of 41 rows, and the body has positions for 40" --train-file "$scratch/long.jsonl"
echo '{"ids": [1], "answer": 0, "answers": [1]}' > "$scratch/bad.jsonl"
bad 1 'bad.jsonl:1: has "answer" and "answers"' --train-file "$scratch/bad.jsonl"
expect 1 "no training saved" "$thaw" predict --task frozen --model "$scratch/model" --input-file "$scratch/ids.jsonl"
expect 2 "peft has no such models" "$thaw" finetune --model "$scratch/model" --task frozen "${xor[@]}" --lora '' \
  --save adapter --max-steps 2 --output-dir "$scratch/adapter"
echo "frozen transformer: planned, trained, killed, resumed, judged, compared, predicted, tuned in every way"
