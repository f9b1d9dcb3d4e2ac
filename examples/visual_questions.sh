#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Questions about pictures: a small ViLT that begins with nothing learns to answer eight kinds of questions about scenes
# of coloured shapes. Beside it, what questions tell alone: the same model asked about an empty picture, and a model
# that learnt from questions about that. Then a sheet of pictures (SVG) with answers and the patches that they need.
#
#   examples/visual_questions.sh [OPTIONS OF thaw finetune for every training, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" scenes

out=runs/visual_questions data=data/scenes
more=("$@")
columns=(--text-column question --label-column answer)
mkdir -p "$out"
# The words of the questions, whole: no more merges are left of them. A patch is a cell of the scenes. Weights are
# spread wider than the usual .02, which was chosen for states of 768: by that a model of 192 hardly begins to look at
# pictures.
[ -d "$out/new" ] || thaw init --type vilt --files $data/questions_train.tsv --text-column question --vocab-size 150 \
  --positions 24 --image-size 36 --patch-size 12 --layers 4 --hidden-size 192 --heads 6 --initializer-range 0.1 \
  --output-dir "$out/new"

# The same questions about one black picture.
{ printf 'P6\n36 36\n255\n'; head -c $((36 * 36 * 3)) /dev/zero; } > "$out/empty.ppm"
for part in train validation test_seen test_new; do
  awk -F'\t' -v OFS='\t' 'NR > 1 { $1 = "empty.ppm" } 1' $data/questions_$part.tsv > "$out/empty_$part.tsv"
done

learn() {  # NAME TRAIN VALIDATION EPOCHS OPTIONS...
  echo "== $1"
  thaw_finetune --task vqa --model "$out/new" "${columns[@]}" --train-file "$2" --validation-file "$3" \
    --num-train-epochs "$4" --batch-size 32 --learning-rate 2.5e-4 --warmup-ratio 0.1 --lr-scheduler-type cosine \
    --weight-decay 0.05 --output-dir "$out/$1" "${@:5}" ${more[@]+"${more[@]}"}
}
# Where a patch is begins twenty times weaker than what is on it: at one rate, where things are is hardly learnt.
learn answers $data/questions_train.tsv $data/questions_validation.tsv 10 \
  --lr 'vilt.embeddings.position_embeddings=2e-2'
learn blind "$out/empty_train.tsv" "$out/empty_validation.tsv" 1

# KIND SHARE of right answers, a line each, "all" last: MODEL TABLE TRUTH, whose rows are the same questions.
by_kind() {
  thaw predict --model "$out/$1" --text-column question "$2" | paste "$3" - | awk -F'\t' '
    NR > 1 { all[$4]++; right[$4] += $3 == $5; n++; r += $3 == $5 }
    END { for (kind in all) print kind, right[kind] / all[kind]; print "all", r / n }' | sort
}
echo
printf '%-12s%32s%32s\n' "accuracy" "pairs of training" "new pairs"
printf '%-12s%12s%10s%10s%12s%10s%10s\n' "" "ViLT" "empty" "blind" "ViLT" "empty" "blind"
for test in test_seen test_new; do
  truth=$data/questions_$test.tsv
  by_kind answers "$truth" "$truth" > "$out/${test}_answers.txt"
  by_kind answers "$out/empty_$test.tsv" "$truth" > "$out/${test}_empty.txt"
  by_kind blind "$out/empty_$test.tsv" "$truth" > "$out/${test}_blind.txt"
done
for kind in $(cut -d' ' -f1 "$out/test_seen_answers.txt" | grep -v '^all$') all; do
  printf '%-12s' "$kind"
  for test in test_seen test_new; do
    for who in answers empty blind; do
      share=$(sed -n "s/^$kind //p" "$out/${test}_$who.txt" | grep .)
      printf "%$([ $who = answers ] && echo 12 || echo 10).3f" "$share"
    done
  done
  echo
done
echo "ViLT: asked about the pictures; empty: the same model, asked about a black one; blind: learnt from black ones"
printf 'trained for %.0f s\n' "$(result "$out/answers" train train_seconds)"

# What answers need of a picture: a question of each kind, a square around each patch grey in turn.
rm -rf "$out/covered"
thaw-data cover-patches $data/questions_test_seen.tsv --patch 6 --cover 18 --output "$out/covered"
thaw predict --model "$out/answers" --text-column question --probabilities "$out/covered/table.tsv" \
  > "$out/covered/predicted.tsv"
thaw-data occlusion-sheet "$out/covered/table.tsv" "$out/covered/predicted.tsv" --output "$out/needed.svg"
echo "$out/needed.svg: questions, answers, and the patches that they need"
