#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rankings through the program: pictures by their scores, learnt, resumed with the same bits, judged, predicted, tuned
# by an adapter; texts in pairs; what is refused.
. "$(dirname "$0")/lib.bash"

# picture FILE SHADE: 8 x 8 grey pixels
picture() {
  mkdir -p "$(dirname "$1")"
  { printf 'P5\n8 8\n255\n'; for _ in $(seq 64); do printf "\\x$(printf %02x "$2")"; done; } > "$1"
}
printf 'image\tscore\tgroup\n' | tee "$scratch/train.tsv" "$scratch/test.tsv" > /dev/null
for shade in 20 60 100 140 180 220; do
  for group in 1 2 3; do
    picture "$scratch/pictures/$group-$shade.pgm" $((shade + group))
    printf 'pictures/%s\t%s\t%s\n' "$group-$shade.pgm" "$shade" "$group" >> "$scratch/train.tsv"
  done
  picture "$scratch/pictures/test-$shade.pgm" $((shade + 15))
  printf 'pictures/test-%s.pgm\t%s\tx\n' "$shade" "$shade" >> "$scratch/test.tsv"
done

expect 0 "it reads pictures" "$thaw" init --type vit --image-size 8 --patch-size 4 --layers 2 --hidden-size 16 \
  --heads 2 --output-dir "$scratch/model"
ranking=(--task ranking --train-file "$scratch/train.tsv" --group-column group --eval-strategy no)
steps=(--max-steps 40 --batch-size 6)
finetune_quietly "$scratch/whole" "${ranking[@]}" "${steps[@]}" --test-file "$scratch/test.tsv"
at_least "$(result "$scratch/whole" test pair_accuracy)" 0.9 "pairs in order"
at_least "$(result "$scratch/whole" test spearman)" 0.8 "correlation"
holds "$scratch/whole/config.json" '"problem_type": "regression"' "a ranking is saved as a regression"
finetune_quietly "$scratch/resumed" "${ranking[@]}" "${steps[@]}" --save-strategy steps --save-steps 15
rm -rf "$scratch/resumed/checkpoint-40" "$scratch/resumed/model.safetensors"
finetune_quietly "$scratch/resumed" "${ranking[@]}" "${steps[@]}" --save-strategy steps --save-steps 15 --resume
same_weights "$scratch/whole" "$scratch/resumed" "a resumed run has other weights"
finetune_quietly "$scratch/split" --task ranking --train-file "$scratch/train.tsv" --group-column group \
  --validation-split 0.4 --max-steps 4
holds "$scratch/log" '^6 examples .* are held back to validate by' "one group is kept for validation, no row more"

expect 0 "pair_accuracy" "$thaw" evaluate --model "$scratch/whole" --test-file "$scratch/test.tsv" \
  --group-column group --bootstrap-samples 20
# The groups of training are kept: without them other pairs are counted.
judged() {
  "$thaw" evaluate --model "$1" --test-file "$scratch/train.tsv" --bootstrap-samples 0 "${@:2}" 2> /dev/null |
    grep -A 4 '^metric'
}
[ "$(judged "$scratch/whole")" = "$(judged "$scratch/whole" --group-column group)" ] || die "other groups are judged by"
[ "$(judged "$scratch/whole")" != "$(judged "$scratch/whole" --group-column '')" ] || die "groups make no difference"
expect 0 "3 groups, 45 pairs of different scores, scores from 20 to 220" "$thaw" data --task ranking \
  --train-file "$scratch/train.tsv" --group-column group
expect 0 "classifier" "$thaw" plan --task ranking --model "$scratch/model" --train-file "$scratch/train.tsv"
"$thaw" predict --model "$scratch/whole" "$scratch/test.tsv" > "$scratch/predicted.tsv"
[ "$(head -n 1 "$scratch/predicted.tsv")" = "$(printf 'value\timage')" ] || die "the header of predictions"
[ "$(sed 1d "$scratch/predicted.tsv" | sort -g | tail -n 1 | cut -f 2)" = pictures/test-220.pgm ] ||
  die "the best picture is not the lightest: $(cat "$scratch/predicted.tsv")"
[ "$("$thaw" predict --model "$scratch/whole" "$scratch/pictures/test-20.pgm" "$scratch/pictures/test-220.pgm" |
  wc -l)" = 3 ] || die "two pictures, each a row"

finetune_quietly "$scratch/adapter" "${ranking[@]}" --max-steps 3 --lora ''
expect 0 "" "$thaw" merge --model "$scratch/adapter" --output-dir "$scratch/merged"
expect 0 '--group-column: "group", as in training' "$thaw" evaluate --model "$scratch/merged" \
  --test-file "$scratch/train.tsv"

# What is refused.
sed 's/\t100\t/\tfine\t/' "$scratch/train.tsv" > "$scratch/bad.tsv"
expect 1 'score is "fine": expected a number' "$thaw" finetune --task ranking --model "$scratch/model" \
  --train-file "$scratch/bad.tsv" --output-dir "$scratch/none"
cut -f 1,2 "$scratch/train.tsv" | sed 's/\t[0-9]*$/\t1/' > "$scratch/equal.tsv"
expect 0 'there is nothing to compare' "$thaw" data --task ranking --train-file "$scratch/equal.tsv"
expect 1 'there is nothing to compare' "$thaw" finetune --task ranking --model "$scratch/model" \
  --train-file "$scratch/equal.tsv" --output-dir "$scratch/none"
echo "no picture" > "$scratch/pictures/1-20.pgm"
expect 1 "1-20.pgm: is no picture that can be read" "$thaw" finetune --task ranking --model "$scratch/model" \
  --train-file "$scratch/train.tsv" --output-dir "$scratch/none"
expect 2 "--better-column: pairs need --worse-column, too" "$thaw" data --task ranking \
  --train-file "$scratch/train.tsv" --better-column image

# Texts in pairs, judged behind a question.
rm -r "$scratch/model"
small_model
printf 'asked\tchosen\trejected\nword7\tword20 word21\tword8\nword9\tword22\tword10 word11\n' > "$scratch/pairs.tsv"
pairs=(--better-column chosen --worse-column rejected --prompt-column asked)
finetune_quietly "$scratch/reward" --task ranking --train-file "$scratch/pairs.tsv" "${pairs[@]}" --max-steps 2
holds "$scratch/log" 'ranking of texts by one number, learnt from pairs' "what is learnt"
expect 0 "pair_accuracy" "$thaw" evaluate --model "$scratch/reward" --test-file "$scratch/pairs.tsv" "${pairs[@]}"
[ "$("$thaw" predict --model "$scratch/reward" --text-column asked --text-pair-column chosen "$scratch/pairs.tsv" |
  head -n 1)" = "$(printf 'value\tasked\tchosen')" ] || die "the header of predictions of two texts"
expect 2 "the task ranking reads one" "$thaw" predict --model "$scratch/reward" "$scratch/pairs.tsv" \
  "$scratch/pairs.tsv"
echo "rankings: learnt by scores and in pairs, resumed, judged, predicted, refused where nothing is to compare"
