#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pictures and texts in one space. A small CLIP that begins with nothing learns scenes of coloured shapes by their
# captions; then each caption has to find its picture among 1,000, of pairs of colour and shape that it has seen and of
# pairs that it never has, beside a baseline of colours, and pictures of one shape are classified by words alone. Then
# 785 real pictures, the stamps of Tux Paint: a ViT that begins with nothing beside MiniLM, locked.
#
#   examples/image_text.sh [OPTIONS OF thaw finetune for every training, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" minilm scenes stamp_captions

out=runs/image_text
scenes=data/scenes stamps=data/stamp_captions
more=("$@")
learn() {
  thaw_finetune --task image-text --warmup-ratio 0.1 --weight-decay 0.05 --lr-scheduler-type cosine "$@" \
    ${more[@]+"${more[@]}"}
}
echo "== scenes"
[ -d "$out/new" ] || thaw init --type clip --files $scenes/train.tsv --vocab-size 140 --image-size 36 --patch-size 6 \
  --layers 4 --hidden-size 128 --heads 4 --positions 64 --projection-size 128 --output-dir "$out/new"
learn --model "$out/new" --train-file $scenes/train.tsv --validation-file $scenes/validation.tsv \
  --num-train-epochs 20 --batch-size 128 --learning-rate 1e-3 --save-strategy epoch --output-dir "$out/scenes"
for pairs in seen new; do judge "$out/scenes" $scenes/test_$pairs.tsv $pairs; done

# Classes by words: the nearest of 48 prompts. Captions of scenes tell sizes, too: so do twice as many prompts, of which
# either size counts.
sed 's/^/a /; s/^a o/an o/' $scenes/labels.txt > "$out/prompts.txt"
{ sed 's/^/a small /' $scenes/labels.txt; sed 's/^/a large /' $scenes/labels.txt; } > "$out/sized_prompts.txt"
by_words() {  # seen|new PROMPTS: accuracy
  thaw predict --model "$out/scenes" $scenes/one_object_"$1".tsv --candidates "$out/$2.txt" |
    awk -F '\t' 'NR == FNR { label[$1] = $2; next }
      FNR > 1 { said = $1; sub(/^an? (small |large )?/, "", said); n++; right += said == label[$3] }
      END { printf "%.3f", right / n }' $scenes/one_object_"$1".tsv -
}

# What the first captions of new pairs find: a row of eight pictures each.
thaw predict --model "$out/scenes" <(head -n 9 $scenes/test_new.tsv | cut -f 2 | tail -n 8) --format lines \
  --candidate-image $scenes/test_new.tsv --top 8 > "$out/found.tsv"
tail -n +2 "$out/found.tsv" | cut -f 2 | sed "s|^|$PWD/$scenes/|" > "$out/found.txt"
thaw-data contact-sheet "$out/found.png" --list "$out/found.txt" --columns 8 --scale 3

echo "== stamps"
[ -d "$out/vit" ] || thaw init --type vit --image-size 64 --patch-size 8 --layers 4 --hidden-size 192 --heads 3 \
  --dropout 0.1 --output-dir "$out/vit"
[ -d "$out/dual" ] || thaw init --type vision-text-dual-encoder --image-model "$out/vit" --text-model data/minilm \
  --projection-size 128 --output-dir "$out/dual"
learn --model "$out/dual" --train-file $stamps/train.tsv --num-train-epochs 60 --batch-size 128 --learning-rate 5e-4 \
  --freeze 'text_model.*' --eval-strategy no --save-strategy no --output-dir "$out/stamps"
judge "$out/stamps" $stamps/test.tsv test

# What is found by chance among the first N: 1 - C(n - k, N) / C(n, N), where k of n are partners. A mean over the rows.
by_chance() {  # TABLE COLUMN_OF_QUERIES COLUMN_OF_CANDIDATES N
  awk -F '\t' -v query="$2" -v found="$3" -v first="$4" '
    FNR > 1 && !(($query, $found) in seen) { seen[$query, $found]; partners[$query]++ }
    FNR > 1 { rows[$query]++; total++; if (!($found in candidate)) { candidate[$found]; n++ } }
    END {
      for (each in rows) {
        missed = 1
        for (i = 0; i < first; i++) missed *= n - i > partners[each] ? 1 - partners[each] / (n - i) : 0
        sum += rows[each] * (1 - missed)
      }
      print sum / total
    }' "$1"
}
declare -A by_colours by_prompts by_sizes
for pairs in seen new; do
  by_colours[$pairs]=$(thaw-data scene-retrieval $scenes/test_$pairs.tsv)
  by_prompts[$pairs]=$(by_words $pairs prompts)
  by_sizes[$pairs]=$(by_words $pairs sized_prompts)
done
row() { printf '%-46s %12.3f %12.3f\n' "$@"; }
scene() { result "$out/scenes.judged" "$1" "$2_recall_at_1"; }
echo
printf '%-46s %12s %12s\n' "scenes, R@1 of $(($(wc -l < $scenes/test_seen.tsv) - 1))" "seen pairs" "new pairs"
row "a caption finds its picture" "$(scene seen text_to_image)" "$(scene new text_to_image)"
row "... by colours alone" "${by_colours[seen]}" "${by_colours[new]}"
row "a picture finds its caption" "$(scene seen image_to_text)" "$(scene new image_to_text)"
row "by chance" "$(by_chance $scenes/test_seen.tsv 2 1 1)" "$(by_chance $scenes/test_new.tsv 2 1 1)"
printf '%-46s %12s %12s\n' "pictures of one shape, accuracy" "seen pairs" "new pairs"
row "the nearest of 48 prompts" "${by_prompts[seen]}" "${by_prompts[new]}"
row "... of both sizes" "${by_sizes[seen]}" "${by_sizes[new]}"
row "by chance" .021 .021
printf 'trained for %.0f s\n' "$(result "$out/scenes" train train_seconds)"
echo "what eight captions of new pairs find ($out/found.tsv): $out/found.png"
echo
printf '%-46s %12s %12s\n' "stamps, R@5 of $(($(wc -l < $stamps/test.tsv) - 1))" "learnt" "by chance"
row "a caption finds its picture" "$(result "$out/stamps.judged" test text_to_image_recall_at_5)" \
  "$(by_chance $stamps/test.tsv 2 1 5)"
row "a picture finds its caption" "$(result "$out/stamps.judged" test image_to_text_recall_at_5)" \
  "$(by_chance $stamps/test.tsv 1 2 5)"
