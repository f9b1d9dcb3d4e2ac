#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# GPT-1's recipe (Radford et al. 2018), small: a GPT that begins with random weights reads the descriptions of Debian's
# packages, without labels; then it learns topics from 8, 16, ... texts a class: with the loss of next tokens beside
# that of classes, without, and the same model that has read nothing (examples/pretraining.md).
#
#   examples/generative_pretraining.sh [OPTIONS OF thaw finetune for every training, e.g. --max-steps 20]
# EPOCHS: of pretraining (5; 2 for a quick look). SIZES: texts a class ("8 16 32 64 128 all"). Up to 32 are drawn and
# learnt three times: the table has the mean and the spread.
. "$(dirname "$0")/begin.sh" topics descriptions

out=runs/generative_pretraining
corpus=(--train-file data/descriptions/train.txt --validation-file data/descriptions/validation.txt
  --text-separator blank_line)
more=("$@")

[ -d "$out/new" ] || thaw init --type gpt2 --files data/descriptions/train.txt --vocab-size 8192 --layers 4 \
  --hidden-size 256 --heads 4 --positions 512 --dropout 0.1 --output-dir "$out/new"

echo "== what comes next in the descriptions"
thaw_finetune --task lm --model "$out/new" "${corpus[@]}" --max-length 512 --num-train-epochs "${EPOCHS:-5}" \
  --batch-size 96 --learning-rate 1e-3 --adam-beta2 0.95 --weight-decay 0.01 --warmup-ratio 0.05 \
  --lr-scheduler-type cosine --output-dir "$out/read" ${more[@]+"${more[@]}"}

# Both models get the tokens that GPT-1's authors put around texts; the last one's state is what classes are told from.
for model in new read; do
  # Made of weights that may be learnt anew.
  [ ! "$out/$model/model.safetensors" -nt "$out/${model}_start/model.safetensors" ] || rm -rf "$out/${model}_start"
  [ -d "$out/${model}_start" ] || thaw add-tokens --model "$out/$model" --tokens '<start>' --tokens '<delimiter>' \
    --tokens '<extract>' --template '<start> $A <extract>' --pair-template '<start> $A <delimiter> $B <extract>' \
    --output-dir "$out/${model}_start"
done

read -r -a sizes <<< "${SIZES:-8 16 32 64 128 all}"
rates=(5e-4 1.5e-4)  # the better one on validation counts
arms=(read_with_words read_alone new)
declare -A model=([read_with_words]=read_start [read_alone]=read_start [new]=new_start)
declare -A epochs=([8]=30 [16]=20 [32]=12 [64]=8 [128]=6 [all]=3)
seeds() { case $1 in 8 | 16 | 32) echo 1 2 3 ;; *) echo 1 ;; esac; }
# run ARM SIZE RATE SEED: its folder
run() { echo "$out/$1_$2_$3_$4"; }

for size in "${sizes[@]}"; do
  for arm in "${arms[@]}"; do
    words=()
    [ "$arm" != read_with_words ] || words=(--lm-weight 0.5)
    for rate in "${rates[@]}"; do
      for seed in $(seeds "$size"); do
        echo "== $size texts a class, $arm, rate $rate, seed $seed"
        train=$(topics_sample "$size" "$seed")
        thaw_finetune --task classification --model "$out/${model[$arm]}" --train-file "$train" \
          --validation-file data/topics/validation.tsv --test-file data/topics/test.tsv \
          --num-train-epochs "${epochs[$size]:-8}" --batch-size 32 --learning-rate "$rate" --warmup-ratio 0.002 \
          --weight-decay 0.01 --seed "$seed" ${words[@]+"${words[@]}"} --eval-strategy no --save-strategy no \
          --output-dir "$(run "$arm" "$size" "$rate" "$seed")" ${more[@]+"${more[@]}"}
      done
    done
  done
done

echo
printf 'of validation texts: %.3f bits per byte, perplexity %.1f\n' "$(result "$out/read" eval bits_per_byte)" \
  "$(result "$out/read" eval perplexity)"
thaw-data byte-baseline data/descriptions/train.txt data/descriptions/validation.txt
echo
printf '%-29s' "test accuracy, texts a class"
printf '%15s' "${sizes[@]}"
echo
# accuracy ARM SIZE RATE SPLIT: mean and spread over the seeds
accuracy() {
  local seed
  for seed in $(seeds "$2"); do result "$(run "$1" "$2" "$3" "$seed")" "$4" accuracy || exit 1; done | mean
}
# best ARM SIZE: the test accuracy of the rate whose mean on validation is highest, of the first of equals
best() {
  local rate
  for rate in "${rates[@]}"; do
    echo "$(accuracy "$1" "$2" "$rate" eval)"$'\t'"$(accuracy "$1" "$2" "$rate" test)"
  done | sort -s -k1,1gr | head -n 1 | cut -f2
}
declare -A name=([read_with_words]="pretrained, with next tokens" [read_alone]="pretrained" [new]="from scratch")
for arm in "${arms[@]}"; do
  printf '%-29s' "${name[$arm]}"
  for size in "${sizes[@]}"; do printf '%15s' "$(best "$arm" "$size")"; done
  echo
done
printf '%-29s' "TF-IDF, logistic regression"
for size in "${sizes[@]}"; do
  printf '%15s' "$(for seed in $(seeds "$size"); do tfidf_accuracy "$(topics_sample "$size" "$seed")" || exit 1; done |
    mean)"
done
echo
