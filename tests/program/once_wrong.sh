#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What went wrong once: each folder of ../shared/cases has a run.sh that shows it; here is what must be true of its
# output today.
. "$(dirname "$0")/lib.bash"
cases=$source_dir/../shared/cases thaw=$(realpath "$thaw")
[ -d "$cases" ] || { echo "skipped: ../shared/cases is not there"; exit 0; }

faults=0 name=
wrong() { echo "once_wrong.sh: $name: $*" >&2; faults=$((faults + 1)); }

# What stands in the output of the case ($scratch/out), and what does not. Patterns are grep -E's.
says() { grep -qE -- "$1" "$scratch/out" || wrong "'$1' is not in the output"; }
hushes() { ! grep -qE -- "$1" "$scratch/out" || wrong "'$1' is in the output"; }
# statuses RC...: those that run.sh prints as "rc=...", in their order.
statuses() {
  local got
  got=$(grep -oE 'rc=[0-9]+' "$scratch/out" | cut -c4- | tr '\n' ' ')
  [ "$got" = "$* " ] || wrong "the statuses are $got, expected $*"
}
# The probabilities of standard input, a line a text, are those of the case's expected.txt. Not at the end of a pipe,
# which is a shell of its own, whose faults nobody counts.
as_expected() {
  sed 's/ *ids.*//' "$cases/$name/expected.txt" > "$scratch/expected"
  cat > "$scratch/numbers"
  if [ "$(wc -l < "$scratch/numbers")" != "$(wc -l < "$scratch/expected")" ]; then
    wrong "$(wc -l < "$scratch/numbers") lines of numbers"
    return 0
  fi
  paste -d ' ' "$scratch/numbers" "$scratch/expected" | awk '{
    for (i = 1; i <= NF / 2; i++) {
      d = $i - $(i + NF / 2)
      if (d < -1e-4 || d > 1e-4) { print "line " NR ": " $i ", expected " $(i + NF / 2); exit 1 }
    }
  }' > "$scratch/difference" || wrong "$(cat "$scratch/difference")"
}
json_numbers() { sed -nE 's/.*"probabilities": \{(.*)\}\}$/\1/p' "$scratch/out" | sed -E 's/"[^"]*": //g; s/,//g'; }
same_numbers() { as_expected < <(json_numbers); }

check_predict_no_id2label() { statuses 0 1; says '^LABEL_[01]'; says '^thaw: .*(classifier|head)'; }
check_tokenizer_config_json_lower_false_cfgtrue() { same_numbers; }
check_tokenizer_config_lower_false() { same_numbers; }
check_truncation_side_json_trunc() { same_numbers; }
check_truncation_side_trunc_left() { same_numbers; }
check_model_input_names() { same_numbers; }
# thaw gives the second text type 1, so what it writes must make the reference library do the same.
check_written_tokenizer_config() { says '"token_type_ids"'; says '"neg": 0.1803[0-9]*'; }
check_empty_second_text() {
  as_expected < <(awk -F'\t' 'NF == 7 || NF == 6 { if ($3 + 0 > 0) print $3, $4, $5 }' "$scratch/out")
}
check_metric_name_late() {
  statuses 0 2
  says '^thaw: .*f1.*accuracy'
  says '^model.safetensors$'
  [ "$(grep -c '^step 5/5' "$scratch/out")" = 1 ] || wrong "the run with an unknown metric trained"
}
check_best_without_validation() { hushes '^step '; hushes 'rc=0'; says '^thaw: .*--validation-file'; }
check_output_cannot_be_written() {
  statuses 1 1 1
  [ "$(grep -c '^thaw: ' "$scratch/out")" = 3 ] || wrong "not every failure to write says so"
}
check_multi_hot_lists() {
  hushes 'is there twice'
  grep -qE '^0 +2 ' "$scratch/out" || says '^thaw: .*two.jsonl'
}
check_label_whitespace() {
  local file
  for file in ws.csv zw.csv nfd.csv "sep.tsv --label-separator |"; do
    # shellcheck disable=SC2086
    (cd "$cases/$name" && "$thaw" data --train-file $file > "$scratch/data" 2>&1) || true
    # After trimming, the classes of sep.tsv are alike.
    grep -qE 'warning: .*(look|blank|space|differ|alike|same|invisible)' "$scratch/data" ||
      [[ $file == sep* && $(grep -cE '^ *b  ' "$scratch/data") = 1 ]] || wrong "no warning for $file"
  done
}
check_one_cell_turns_regression_into_classes() {
  local file
  for file in "bad.csv --label-column score" comma.tsv plus.tsv space.tsv; do
    # shellcheck disable=SC2086
    (cd "$cases/$name" && "$thaw" data --train-file $file > "$scratch/data" 2>&1) || true
    grep -qE "problem: regression|(warning|thaw): .*${file%% *}:[0-9]" "$scratch/data" ||
      wrong "nothing is said of the cell in $file"
  done
  says 'bad.csv:33'
}
check_whole_number_floats() { hushes '^0 warnings'; }
check_resume_other_labels() { says '^thaw: .*label'; hushes '^trained 2 steps'; hushes 'zzz"'; }
check_missing_tensors_silent() { says 'bert\.pooler'; says 'classifier\.bias'; }
check_nan_model() { statuses 1 1; hushes 'JSON: '; says '^thaw: .*(finite|NaN)'; hushes '^/.*model.safetensors$'; }
check_vocab_blank_line() { statuses 0 0 0; }
check_id2label_numbers() { statuses 0 0; says $'^[012]\t'; }
check_jsonl_nan() {
  grep -qE '^thaw: .*nan.jsonl:1.*NaN' "$scratch/out" || says '^train +[0-9]+ rows  nan.jsonl'
  grep -qE '^thaw: .*half.jsonl:2.*surrogate' "$scratch/out" || says '^train +[0-9]+ rows  half.jsonl'
  grep -qE '^thaw: .*array.jsonl.*(object.*line|line.*object)' "$scratch/out" || says '^train +[0-9]+ rows  array.jsonl'
}
check_blank_lines() { statuses 0 0; }
check_line_ends_and_encodings() { hushes '\^M'; says 'cr.csv.* CR'; says 'u16.tsv.*UTF-16'; }
check_max_length_above_tokenizers() { statuses 0; }
check_one_segment_type() { statuses 1; says '^thaw: .*type_vocab_size'; }
check_not_the_weights() {
  says '^thaw: .*lfs.*LFS'
  says '^thaw: .*html.*(HTML|web page)'
  says '^thaw: .*adapter.*(LoRA|adapter_config|PEFT)'
  says '^thaw: .*module\.'
  says '^thaw: .*run.*checkpoint-2'
}
check_inspect_and_freeze_names() { says 'rc=0'; says '^bert\.'; says 'LayerNorm.weight'; hushes 'none of the'; }
check_known_labels() {
  hushes 'a new one is used'
  hushes 'unknown label'
  [ "$(grep -c '^thaw: .*config.json' "$scratch/out")" = 2 ] || wrong "the messages do not name config.json"
}
check_underscore_options() { statuses 0; says '2e-5,'; hushes '0{20}|[0-9]{60}'; }
# The standard output is closed, too: that is told by the status when all is saved.
check_closed_stderr() { statuses 1; hushes '^step|tokens/s'; }
check_regression_with_three_outputs() {
  grep -qE '^thaw: .*(3|three)' "$scratch/out" || says $'^[-0-9.]+\t[-0-9.]+\t[-0-9.]+\tthe library$'
}
check_custom_wordpiece() { statuses 0 0; }

# The inputs of fuzz targets, as files of the program.
check_long_error_lines() {
  local kind
  cp -r "$cases/01_predict_no_id2label/model" "$scratch/json"
  cp "$cases/$name/json.input" "$scratch/json/config.json"
  mkdir -p "$scratch/shards"
  cp "$cases/$name/shard_index.input" "$scratch/shards/model.safetensors.index.json"
  tail -c +2 "$cases/$name/table.input" > "$scratch/table"
  {
    echo "the library" | "$thaw" predict --model "$scratch/json" || true
    "$thaw" inspect "$scratch/shards" || true
    for kind in tsv csv jsonl; do
      cp "$scratch/table" "$scratch/table.$kind"
      "$thaw" data --train-file "$scratch/table.$kind" || true
    done
  } > "$scratch/out" 2>&1
  says '^thaw: '
}

for folder in "$cases"/*/; do
  name=$(basename "$folder")
  : > "$scratch/out"
  # What run.sh says of the expected is not output of the program.
  if [ -e "$folder/run.sh" ]; then
    THAW=$thaw bash "$folder/run.sh" > "$scratch/raw" 2>&1 < /dev/null || true
    sed -E 's/(rc=[0-9]+) \(.*/\1/; /^\(/d; /^expected/d; /^reference on/d' "$scratch/raw" > "$scratch/out"
  fi
  check=check_${name#[0-9][0-9]_}
  if [ "$(type -t "$check")" = function ]; then $check; else echo "$name: it must not crash, more is not known here"; fi
  hushes 'Segmentation fault|Aborted|terminate called|Sanitizer|runtime error|rc=1[2-9][0-9]'
  ! LC_ALL=C grep -qE '^thaw: .{1000}' "$scratch/out" || wrong "an error line of more than 1000 bytes"
done
[ $faults = 0 ] || die "$faults things are wrong again"
echo "once wrong: right in $(find "$cases" -mindepth 1 -maxdepth 1 -type d | wc -l) cases"
