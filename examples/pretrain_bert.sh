#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# BERT made from nothing, and what it is good for. A small BERT with random weights finds masked words and tells next
# sentences in the descriptions of Debian's packages, without labels, beside what counting makes of the same words and
# pairs. Then topics are learnt from few labels: by that encoder, by one of the same size that read nothing, by MiniLM
# as it is and after an epoch of masked words of the same texts; beside TF-IDF.
#
#   examples/pretrain_bert.sh [TEXTS_PER_CLASS | all ...] [OPTIONS OF thaw finetune for the pretraining]
#   default: 8 32 128 all      e.g. examples/pretrain_bert.sh 8 --max-steps 100
. "$(dirname "$0")/begin.sh" minilm topics descriptions

sizes=()
while [[ "${1-}" =~ ^([0-9]+|all)$ ]]; do
  sizes+=("$1")
  shift
done
[ ${#sizes[@]} -gt 0 ] || sizes=(8 32 128 all)
declare -A epochs=([8]=20 [32]=8 [128]=4 [all]=3)
arms=(scratch pretrained minilm adapted)
declare -A words=([scratch]="same size, read nothing" [pretrained]="pretrained here" [minilm]="MiniLM"
  [adapted]="MiniLM, read the texts")

texts=data/descriptions
begin=data/pretrain_bert  # 4 layers of 256, and a tokenizer of the training texts
out=runs/pretrain_bert
if [ ! -f "$begin/model.safetensors" ]; then
  rm -rf "$begin"
  thaw init --type bert --files "$texts/train.txt" --vocab-size 8192 --layers 4 --hidden-size 256 --heads 4 \
    --positions 128 --output-dir "$begin"
fi

echo "== masked words and next sentences"
thaw_finetune --task pretraining --model "$begin" --train-file "$texts/train.txt" \
  --validation-file "$texts/validation.txt" --max-length 128 --num-train-epochs 6 --batch-size 96 \
  --learning-rate 1e-3 --warmup-ratio 0.05 --weight-decay 0.01 --eval-strategy epoch --save-strategy steps \
  --save-steps 200 --output-dir "$out/encoder" "$@"
if [ ! -f "$out/baselines.txt" ]; then
  thaw-data pretraining-baselines "$texts/train.txt" "$texts/validation.txt" --model "$begin" --max-length 128 \
    > "$out/baselines.new"
  mv "$out/baselines.new" "$out/baselines.txt"
fi
echo "== MiniLM: masked words of 10,000 of the texts, one epoch"
thaw_finetune --task pretraining --next-sentence off --model data/minilm --train-file "$texts/train.txt" \
  --max-train-samples 10000 --validation-file "$texts/validation.txt" --max-eval-samples 1000 --max-length 128 \
  --num-train-epochs 1 --batch-size 32 --learning-rate 2e-4 --warmup-ratio 0.1 --save-strategy steps --save-steps 100 \
  --output-dir "$out/adapted_minilm" "$@"

# learn SIZE SEED ARM
learn() {
  local size=$1 seed=$2 arm=$3 train model rate
  case $arm in
    scratch) model=(--from-scratch --model "$begin") rate=5e-4 ;;
    pretrained) model=(--model "$out/encoder") rate=5e-4 ;;
    minilm) model=(--model data/minilm) rate=1e-4 ;;
    adapted) model=(--model "$out/adapted_minilm") rate=1e-4 ;;
  esac
  train=$(topics_sample "$size" "$seed")
  echo "== topics, $size texts a class, seed $seed, $arm"
  thaw_finetune --task classification "${model[@]}" --train-file "$train" --test-file data/topics/test.tsv \
    --max-length 128 --num-train-epochs "${epochs[$size]:-8}" --batch-size 32 --learning-rate "$rate" \
    --warmup-ratio 0.1 --seed "$seed" --eval-strategy no --save-strategy no --output-dir "$out/${arm}_${size}_$seed"
}
seeds() { [ "$1" = all ] && echo 1 || echo 1 2 3; }
for size in "${sizes[@]}"; do
  for seed in $(seeds "$size"); do
    for arm in "${arms[@]}"; do learn "$size" "$seed" "$arm"; done
  done
done

echo
printf 'whole masked words %.3f, tokens %.3f, next sentences %.3f, perplexity %.1f (validation, %.0f s of training)\n' \
  "$(result "$out/encoder" eval word_accuracy)" "$(result "$out/encoder" eval accuracy)" \
  "$(result "$out/encoder" eval next_sentence_accuracy)" "$(result "$out/encoder" eval perplexity)" \
  "$(result "$out/encoder" train train_seconds)"
echo "counting, on the same:"
sed 's/^/  /' "$out/baselines.txt"
echo
printf '%-26s' "topics, test accuracy"
printf '%16s' "${sizes[@]}"
echo " texts a class"
for arm in "${arms[@]}"; do
  printf '%-26s' "${words[$arm]}"
  for size in "${sizes[@]}"; do
    cell=$(for seed in $(seeds "$size"); do result "$out/${arm}_${size}_$seed" test accuracy || exit 1; done | mean)
    printf '%16s' "$cell"
  done
  echo
done
printf '%-26s' "TF-IDF"
for size in "${sizes[@]}"; do
  cell=$(for seed in $(seeds "$size"); do tfidf_accuracy "$(topics_sample "$size" "$seed")" || exit 1; done | mean)
  printf '%16s' "$cell"
done
echo
