#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Kills trainings (kill -9) at random moments, whatever they tune, and resumes them: each ends with the bits of the run
# that nobody killed. Each run is killed up to five times; the moments lie anywhere within a run's length.
#   THAW_BUILD=build tests/fuzz/kills.sh [KILLS, default 1000]
. "$(dirname "$0")/../program/lib.bash"
wanted=${1:-1000}
small_writer
mv "$scratch/model" "$scratch/t5"
small_model
mv "$scratch/model" "$scratch/bert"
small_data "$scratch/bert.tsv" 300 1
small_data "$scratch/bert.dev.tsv" 40 2
awk 'NR == 1 { print "source\ttarget" } NR > 1 { print $1 " " $2 "\t" $2 }' "$scratch/bert.tsv" > "$scratch/t5.tsv"

"$thaw" mask --model "$scratch/bert" --by magnitude --keep 0.1 --freeze '*' --train '{*query.weight,classifier.*}' \
  --train-file "$scratch/bert.tsv" --output "$scratch/mask.safetensors" > /dev/null
printf '%s\n' 'freeze *' 'train classifier.*' 'from step 20' 'train *' 'from step 40' 'freeze *LayerNorm*' \
  > "$scratch/sections"

cat > "$scratch/methods" << 'END'
bert full
bert head --freeze bert.*
bert biases --freeze * --train *bias --train classifier.*
bert norms --freeze * --train *LayerNorm* --train classifier.*
bert rows --freeze * --train *word_embeddings.weight\srows\s5:9 --train classifier.*
bert lora --lora r=2\sdropout=0.1\srs
bert dora --lora *.query\sr=2\sdropout=0.1\sdora
bert ia3 --rule ia3
bert bottleneck --rule adapter\ssize=4 --train *LayerNorm*
bert prompt --rule prompt\sn=3
bert prefix --rule prefix\sn=3
bert half --freeze bert.embeddings.* --freeze bert.encoder.layer.0.*
bert gradual --unfreeze-every 11
bert folder --freeze bert.* --cache CACHE
bert mask --freeze * --train classifier.* --train *\smask\sMASK --lr *query*=3e-2
bert columns --freeze * --train *query.weight\scolumns\s0:3 --rule lr\sclassifier.*\s3e-2 --train classifier.*
bert sections --mask-file SECTIONS
bert stall --unfreeze-every stall --eval-strategy steps --eval-steps 7 --metric-for-best-model accuracy
bert bf16 --lora r=2 --frozen-dtype bf16
bert int8 --freeze bert.encoder.layer.0.* --frozen-dtype int8
bert best --lora r=2 --eval-strategy steps --eval-steps 7 --load-best-model-at-end
t5 full
t5 encoder --freeze encoder.* --freeze shared.weight
t5 lora --lora r=2\sdropout=0.1
t5 ia3 --rule ia3
t5 int8 --rule ia3 --frozen-dtype int8
t5 prompt --rule prompt\sn=2
t5 prefix --rule prefix\sn=2
END

launch() {  # FAMILY OUT OPTIONS...
  local family=$1 out=$2 files=()
  shift 2
  if [ "$family" = bert ]; then
    files=(--train-file "$scratch/bert.tsv" --validation-file "$scratch/bert.dev.tsv")
  else
    files=(--task text2text --train-file "$scratch/t5.tsv" --source-column source --target-column target)
  fi
  trap - EXIT
  exec "$thaw" finetune --model "$scratch/$family" "${files[@]}" --batch-size 4 --max-steps 60 --save-strategy steps \
    --save-steps 7 --learning-rate 1e-2 --weight-decay 0.1 --output-dir "$out" "$@"
}
# All that a run leaves to be used; nothing where it leaves nothing.
result() { (cd "$1" && cksum ./*.safetensors 2> /dev/null); }

kills=0 runs=0
while [ "$kills" -lt "$wanted" ]; do
  while read -r family name words; do
    read -r -a options <<< "$words"
    options=("${options[@]//\\s/ }")
    options=("${options[@]//CACHE/$scratch/cache}")
    options=("${options[@]//MASK/$scratch/mask.safetensors}")
    options=("${options[@]//SECTIONS/$scratch/sections}")
    whole=$scratch/$family.$name
    if [ ! -d "$whole" ]; then
      began=$(date +%s%N)
      (launch "$family" "$whole" "${options[@]}") > "$scratch/log" 2>&1 || die "$family $name: $(cat "$scratch/log")"
      echo $((($(date +%s%N) - began) / 1000000)) > "$whole.ms"
    fi
    length=$(cat "$whole.ms")
    rm -rf "$scratch/killed"
    [ "$name" != folder ] || rm -rf "$scratch/cache"
    for attempt in 1 2 3 4 5; do
      launch "$family" "$scratch/killed" "${options[@]}" --resume-if-any > "$scratch/log" 2>&1 &
      pid=$!
      ms=$((RANDOM % length + 1))
      sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
      if kill -9 $pid 2> /dev/null; then kills=$((kills + 1)); fi
      wait $pid 2> /dev/null || true
    done
    (launch "$family" "$scratch/killed" "${options[@]}" --resume-if-any) > "$scratch/log" 2>&1 ||
      die "$family $name, after $kills kills: $(cat "$scratch/log")"
    [ -n "$(result "$whole")" ] || die "$family $name left no weights"
    [ "$(result "$whole")" = "$(result "$scratch/killed")" ] || die "$family $name, after $kills kills: other numbers"
    runs=$((runs + 1))
  done < "$scratch/methods"
  echo "$kills kills, $runs runs: every one ended as the undisturbed"
done
