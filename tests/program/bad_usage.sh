#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bad input gets one line and status 1, wrong usage status 2, and nothing is left half-written.
. "$(dirname "$0")/lib.bash"
small_model
small_data "$scratch/train.tsv" 40 1
run=("$thaw" finetune --model "$scratch/model" --output-dir "$scratch/run" --max-steps 2)
finetune() { "${run[@]}" --train-file "$scratch/train.tsv" "$@"; }

# Wrong usage is one line, too, that names what may be meant.
usage() {
  expect 2 "$@"
  [ "$(wc -l < "$scratch/expect.err")" = 1 ] || die "more than one line: $(cat "$scratch/expect.err")"
  [ "$(wc -c < "$scratch/expect.err")" -lt 200 ] || die "a long line: $(cat "$scratch/expect.err")"
}
usage "subcommand" "$thaw"
usage "finetun: not a subcommand; near: finetune" "$thaw" finetun
usage "--learnig-rate: not known; near: --learning-rate" "${run[@]}" --learnig-rate 1
usage '--learning-rate: a number of at least 0 was expected, not "2e-5,"' finetune --learning-rate 2e-5,
usage '--adam-beta1: a number of at least 0, below 1 was expected, not "1"' finetune --adam-beta1 1
usage '--learning-rate: a number of at least 0 was expected, not "nan"' finetune --learning_rate=nan
usage "--max-steps: a whole number of at least" finetune --max-steps 1e3
usage "one of epoch, no, steps was expected" finetune --eval-strategy 1
usage "--do_train: not an option here: finetune always trains" "${run[@]}" --do_train
usage " was expected, not \"sgdd\"" finetune --optim sgdd
usage "--adam-beta1: no option of --optim sgd" finetune --optim sgd --adam-beta1 0.8
usage "--momentum: no option of --optim adamw" finetune --momentum 0.9
usage "--lr: PATTERN=RATE was expected" finetune --lr 1e-3
usage '--freeze: the pattern "bert.[0": at character 6: "[" is not closed' finetune --freeze 'bert.[0'
usage '"5..0" runs backwards' "$thaw" inspect "$scratch/model" --pattern 'bert.{5..0}'
usage "thaw-data: A subcommand is required" "$(dirname "$thaw")/../data/thaw-data"
usage "thaw-data: --per-class" "$(dirname "$thaw")/../data/thaw-data" sample a.tsv --output b.tsv --per-class few
printf 'image\ttext\na.png\ta red circle\n' > "$scratch/scenes.tsv"
printf 'text\na red circle\na red thing\n' > "$scratch/captions.tsv"
expect 1 "captions.tsv:3: " "$(dirname "$thaw")/../data/thaw-data" check-scenes "$scratch/captions.tsv" \
  --nearest "$scratch/scenes.tsv"
# Numbers beyond what an option takes: its upper end is named. An infinite one is none.
for value in 9223372036854775807 99999999999999999999; do
  large="\"$value\" is too large: a whole number from"
  usage "--warmup-steps: $large 0 to 1000000000000 was expected" finetune --warmup-steps $value
  usage "--max-steps: $large -1 to 1000000000000 was expected" finetune --max-steps $value
done
usage '--learning-rate: "1e400" is too large: a number from 0 to 3.40282e+38 was expected' \
  finetune --learning-rate 1e400
usage '--learning-rate: "1e39" is too large' finetune --learning-rate 1e39
usage '--learning-rate: "inf" is too large' finetune --learning-rate inf
usage '--learning-rate: "1e-400" is too small' finetune --learning-rate 1e-400
usage '--learning-rate: a number of at least 0 was expected, not "-1e400"' finetune --learning-rate -1e400

# However long a value is, the message is short.
long=$(head -c 90000 /dev/zero | tr '\0' x)
expect 2 "one of constant, constant_with_warmup, cosine, cosine_with_restarts" "${run[@]}" --lr-scheduler-type "$long"
[ "$(wc -c < "$scratch/expect.err")" -lt 300 ] || die "a long line: $(head -c 300 "$scratch/expect.err")"
usage "--problem-type: one of" "$thaw" data --train-file "$scratch/train.tsv" --problem-type "$long"
usage "--output-format: one of" "$thaw" predict --model "$scratch/model" --output-format "$long"
for option in --model --train-file --mask-file --output-dir --device; do
  finetune $option "$long" > "$scratch/log" 2>&1 && die "$option: a name of 90000 characters was taken"
  [ "$(wc -c < "$scratch/log")" -lt 1200 ] && [ "$(wc -l < "$scratch/log")" = 1 ] ||
    die "$option: a long message: $(head -c 300 "$scratch/log")"
done

# Names of files that a script left empty.
for option in --model --train-file --validation-file --test-file --mask-file --output-dir; do
  usage "$option: empty" finetune $option ''
done
usage "empty: the name of a file or directory was expected" "$thaw" inspect ''

# A column has one role, and texts have room.
for command in "data" "plan --model $scratch/model" "finetune --model $scratch/model --output-dir $scratch/run"; do
  nowhere=("$thaw" $command --train-file nowhere.tsv)
  usage '--text-column and --label-column: both are "label"' "${nowhere[@]}" --text-column label
  usage '--text-column and --label-column: both are "text"' "${nowhere[@]}" --label-column text
  usage '--text-column and --text-pair-column: both are "text"' "${nowhere[@]}" --text-pair-column text
  usage '--text-pair-column and --label-column: both are "label"' "${nowhere[@]}" --text-pair-column label
  usage "--max-length: 1 leaves no room for 2 special tokens" "${nowhere[@]}" --max-length 1
done
usage "--similarity-scale has no effect" "$thaw" data --task embed --train-file nowhere.tsv --text-pair-column other \
  --score-column score --similarity-scale 5
usage '--text-column and --text-pair-column: both are "text"' "$thaw" predict --model nowhere --text-pair-column text
expect 2 "--model is required" "$thaw" predict
expect 2 '--null-score-diff-threshold: a finite number was expected, not "low"' \
  "$thaw" predict --model nowhere --null-score-diff-threshold low
expect 2 "--max-length 500: more tokens than the model has positions: " finetune --max-length 500
expect 2 "--modell" "$thaw" predict --model x --modell x
expect 2 "--learning-rate" "${run[@]}" --train-file "$scratch/train.tsv" --learning-rate fast
expect 0 "--freeze" "$thaw" finetune --help
expect 2 "--task: one of " "$thaw" data --task none
tasks=$(sed -n 's/.*--task: \(one of .*\) was expected.*/\1/p' "$scratch/expect.err")
[[ $tasks == *", "* ]] || die "no tasks in: $(cat "$scratch/expect.err")"
for words in "one of adafactor, adamw" "$tasks" "one of constant, constant_with"; do
  [[ $("$thaw" finetune --help | tr -s ' \n' ' ') == *"$words"* ]] || die "the help lists no '$words'"
done
[[ $("$thaw" predict --help | tr -s ' \n' ' ') == *"one of csv, jsonl, lines, tsv"* ]] || die "no words of --format"
expect 1 "no/such" "$thaw" predict --model no/such
expect 1 "nowhere.tsv" "${run[@]}" --train-file nowhere.tsv
expect 1 "config.json" "$thaw" plan --model "$scratch" --train-file "$scratch/train.tsv"
expect 1 "body" finetune --text-column body
expect 1 "abacus" finetune --device abacus
expect 1 "--lr clasifier.*=0.001 matches no parameter; near names: classifier" finetune --lr 'clasifier.*=1e-3'
expect 1 "sgd: nesterov needs a momentum" finetune --optim sgd --nesterov
expect 1 "bert.encoder" finetune --freeze 'bert.encodr.*'
printf 'freeze bert.*\ntrain bert.{a,b\n' > "$scratch/mask"
expect 1 "mask:2: the pattern" finetune --mask-file "$scratch/mask"
expect 1 "every parameter is frozen" finetune --freeze '*'

printf 'text\tlabel\na b\tx\nc d\n' > "$scratch/short.tsv"
expect 1 "short.tsv:3" "${run[@]}" --train-file "$scratch/short.tsv"
printf 'text\tlabel\na b\tx\nc \xff d\ty\n' > "$scratch/utf8.tsv"
expect 1 "utf8.tsv:3" "${run[@]}" --train-file "$scratch/utf8.tsv"
printf '' > "$scratch/empty.tsv"
expect 1 "empty.tsv" "${run[@]}" --train-file "$scratch/empty.tsv"

head -c 3000 "$scratch/model/model.safetensors" > "$scratch/cut"
cp -r "$scratch/model" "$scratch/cut_model"
mv "$scratch/cut" "$scratch/cut_model/model.safetensors"
expect 1 "model.safetensors" "$thaw" inspect "$scratch/cut_model"
[ ! -e "$scratch/run/model.safetensors" ] || die "a model was written by a run that failed"

# Options as they stand in scripts for the Trainer.
expect 0 "4 steps an epoch, 3 in all" "$thaw" plan --model_name_or_path "$scratch/model" \
  --train_file "$scratch/train.tsv" --max_steps=3 --per_device_train_batch_size 10 --max_seq_length 16 \
  --learning_rate 2e-5 --evaluation_strategy no --load_best_model_at_end False

expect 2 "evaluations of a model that writes texts always write" "$thaw" finetune --model "$scratch/model" \
  --predict_with_generate

# Two runs into one directory.
mkdir -p "$scratch/run"
exec 9> "$scratch/run/.lock"
flock -n 9 || die "cannot lock"
expect 1 "another run" finetune
exec 9>&-

# A full disk (here: a limit on the size of files) leaves the former checkpoint as it was.
full_disk() {
  run+=(--max-steps 4 --save-strategy steps --save-steps 2)
  finetune > /dev/null 2>&1 || die "the small run failed"
  find "$scratch/run" -mindepth 1 -maxdepth 1 ! -name checkpoint-2 -exec rm -r {} +
  before=$(cat "$scratch"/run/checkpoint-2/* | sha256sum)
  if (ulimit -f 64; finetune --resume > "$scratch/log" 2>&1); then
    die "a save beyond the limit succeeded"
  fi
  holds "$scratch/log" '^thaw: .*/run/.*checkpoint-4.*: File too large' "a full disk"
  [ "$(cat "$scratch"/run/checkpoint-2/* | sha256sum)" = "$before" ] || die "the former checkpoint was touched"
  # Beside the lock, nothing hidden or temporary.
  if ls -A "$scratch/run" | grep -vx '.lock' | grep -E '^\.|tmp'; then
    die "a half-written checkpoint was left: $(ls -A "$scratch/run")"
  fi
}
if [ "${THAW_SANITIZER:-}" = thread ]; then
  echo "left out: a full disk, as the thread sanitizer's own files do not survive the limit"
else
  full_disk
fi
# A folder that may not be looked into; root may look into all, and so asks as nobody.
closed_folder() {
  local nobody=()
  if [ "$(id -u)" = 0 ]; then
    nobody=(setpriv --reuid 65534 --clear-groups)
    if ! "${nobody[@]}" test -x "$thaw" 2> /dev/null; then
      echo "left out: a closed folder, as nobody but root can start the program here"
      return
    fi
  fi
  chmod 755 "$scratch"
  mkdir -m 000 "$scratch/closed"
  local file=$scratch/closed/train.tsv
  as_nobody() { ${nobody[@]+"${nobody[@]}"} "$thaw" "$@"; }
  expect 1 "thaw: $file: cannot be reached: Permission denied" as_nobody data --train-file "$file"
  expect 1 "thaw: $scratch/closed/none: Permission denied" as_nobody init --type vit --output-dir "$scratch/closed/none"
}
closed_folder
echo "bad usage: as it must be"
