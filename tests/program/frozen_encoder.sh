#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A T5 whose encoder is frozen: it runs once for each source, the losses are those of a run that keeps nothing, and a
# run that is killed goes on with the same bits; of a mixture, too.
. "$(dirname "$0")/lib.bash"

small_writer
awk 'BEGIN {
  srand(1); print "source\ttarget"
  for (i = 0; i < 60; i++) { a = "word" (6 + i); b = "word" (80 + int(rand() * 6)); print a " " b "\t" b " " a }
  for (i = 0; i < 4; i++) print "word6 word90\tword90 word6"
}' > "$scratch/train.tsv"
sed -n '1p;5,20p' "$scratch/train.tsv" > "$scratch/dev.tsv"

frozen=(--task text2text --freeze 'encoder.*' --seed 1 --num-train-epochs 4)
train() {
  finetune_quietly "$@" "${frozen[@]}" --train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv"
}
line='the frozen part of the model (shared.weight to encoder.final_layer_norm) runs once for'
train "$scratch/kept"
# Texts to validate by are some of those to train on.
holds "$scratch/log" "^$line each of 61 texts: 0.[0-9]* MB are kept" "what is kept"
train "$scratch/plain" --cache-memory 0
! grep -q "$line" "$scratch/log" || die "something is kept: $(cat "$scratch/log")"
# The plan tells the same; the peak of memory has what is kept.
"$thaw" plan --model "$scratch/model" "${frozen[@]}" --train-file "$scratch/train.tsv" --batch-size 16 \
  --validation-file "$scratch/dev.tsv" > "$scratch/plan" 2>&1 || die "plan: $(cat "$scratch/plan")"
holds "$scratch/plan" "^$line each of 61 texts: 0.[0-9]* MB are kept" "what the plan tells of"
peak() { result "$scratch/$1" train peak_memory_mb; }
awk -v kept="$(peak kept)" -v plain="$(peak plain)" 'BEGIN { exit !(kept > plain) }' ||
  die "the peak of memory has nothing of what is kept"
same_results "$scratch/kept/eval_results.json" "$scratch/plain/eval_results.json" loss "kept and computed anew"
same_weights "$scratch/kept" "$scratch/plain" "kept and computed anew"
same_results "$scratch/kept/train_results.json" "$scratch/plain/train_results.json" train_loss "kept and computed anew"

# What is of no use is not kept: an encoder that is trained, or one pass.
finetune_quietly "$scratch/all" --task text2text --train-file "$scratch/train.tsv" --num-train-epochs 2
! grep -q "$line" "$scratch/log" || die "kept of a trained encoder: $(cat "$scratch/log")"
finetune_quietly "$scratch/once" "${frozen[@]}" --train-file "$scratch/train.tsv" --num-train-epochs 1
! grep -q "$line" "$scratch/log" || die "kept for one epoch: $(cat "$scratch/log")"
! grep -q "cache-memory" "$scratch/log" || die "nobody asked for it: $(cat "$scratch/log")"
for command in finetune plan; do
  for asked in "--task text2text" "--task text2text --freeze decoder.block.0.*" "${frozen[*]}"; do
    expect 0 "warning: --cache-memory has no effect: kept is what the frozen" "$thaw" $command --max-steps 1 $asked \
      --model "$scratch/model" --train-file "$scratch/train.tsv" --output-dir "$scratch/in_vain" --cache-memory 5
    rm -rf "$scratch/in_vain"
  done
done

# Killed and gone on with.
for attempt in 1 2 3; do
  ( trap - EXIT
    exec "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/killed" --learning-rate 3e-3 --batch-size 16 \
      "${frozen[@]}" --train-file "$scratch/train.tsv" --validation-file "$scratch/dev.tsv" --save-strategy steps \
      --save-steps 3 --resume-if-any > "$scratch/log" 2>&1 ) &
  sleep "$(printf 0.%02d $((RANDOM % 40 + 10)))"
  kill -9 $! 2> /dev/null || true
  wait $! 2> /dev/null || true
done
train "$scratch/killed" --save-strategy steps --save-steps 3 --resume-if-any
same_weights "$scratch/kept" "$scratch/killed" "a resumed run has other weights"

# Of a mixture those tasks whose examples come again.
printf 'name\tprefix\tfile\none\tword50 \ttrain.tsv\ntwo\tword60 \tdev.tsv\n' > "$scratch/tasks.tsv"
mixture() { finetune_quietly "$@" "${frozen[@]}" --mixture "$scratch/tasks.tsv"; }
mixture "$scratch/mixture_kept"
holds "$scratch/log" "^$line each of 77 texts" "what is kept of a mixture"
mixture "$scratch/mixture_plain" --cache-memory 0
same_results "$scratch/mixture_kept/train_results.json" "$scratch/mixture_plain/train_results.json" train_loss "mixture"

# Only within what is asked for.
expect 2 "--cache-memory" "$thaw" finetune --model "$scratch/model" --output-dir "$scratch/none" \
  --train-file "$scratch/train.tsv" --cache-memory -1
echo "frozen encoder: kept, killed, resumed, of a mixture"
