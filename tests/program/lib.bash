# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of the program: a scratch folder, a small model and data set in it, checks that end the script.
set -eu -o pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
thaw=${THAW_BUILD:-$source_dir/build}/examples/thaw/thaw
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

# expect STATUS TEXT COMMAND...: the command ends with STATUS, and TEXT stands in what it prints. An error (status 1) is
# one line on the standard error.
expect() {
  local status=$1 text=$2 got=0 output errors
  shift 2
  output=$("$@" 2> "$scratch/expect.err") || got=$?
  errors=$(cat "$scratch/expect.err")
  printf '%s' "$output" > "$scratch/expect.out"
  [ "$got" = "$status" ] || die "status $got instead of $status: $*: $output $errors"
  [[ $output$errors == *"$text"* ]] || die "'$text' is not in the output of $*: $output $errors"
  [ "$status" != 1 ] || [ "$(wc -l < "$scratch/expect.err")" = 1 ] || die "more than one line of error: $*: $errors"
}

# holds FILE PATTERN WHAT: a line of the file matches, else WHAT is wrong.
holds() { grep -q -- "$2" "$1" || die "$3: no '$2' in: $(cat "$1")"; }

# A BERT directory from the goldens, with a vocabulary as large as its embedding table: word6, word7, ...; $words words.
small_model() {
  local goldens=${THAW_GOLDENS:-$source_dir/../shared/goldens} size
  [ -d "$goldens/bert_seqclass" ] || goldens=$source_dir/tests/goldens
  mkdir -p "$scratch/model"
  cp "$goldens/bert_seqclass/config.json" "$goldens/bert_seqclass/model.safetensors" "$scratch/model/"
  size=$(sed -n 's/.*"vocab_size": \([0-9]*\).*/\1/p' "$scratch/model/config.json")
  words=$((size - 5))
  printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' > "$scratch/model/vocab.txt"
  seq 6 "$size" | sed 's/^/word/' >> "$scratch/model/vocab.txt"
}

# A T5 directory from the goldens, with such a vocabulary; [SEP] ends a text.
small_writer() {
  local goldens=${THAW_GOLDENS:-$source_dir/../shared/goldens} size
  [ -d "$goldens/t5_v10" ] || goldens=$source_dir/tests/goldens
  mkdir -p "$scratch/model"
  cp "$goldens"/t5_v10/{config.json,model.safetensors} "$scratch/model/"
  sed -i 's/"eos_token_id": 1/"eos_token_id": 3/' "$scratch/model/config.json"
  size=$(sed -n 's/.*"vocab_size": \([0-9]*\).*/\1/p' "$scratch/model/config.json")
  printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' > "$scratch/model/vocab.txt"
  seq 6 "$size" | sed 's/^/word/' >> "$scratch/model/vocab.txt"
  echo '{"tokenizer_class": "BertTokenizer"}' > "$scratch/model/tokenizer_config.json"
}

# small_data FILE ROWS SEED [KIND]: texts of 3 to 10 words with a label.
#   single (the default): class "low" uses the lower half of the words, "high" the upper
#   multi: any of low|high|both halves, joined by |      regression: the share of upper words
#   numbers: three numbers made of that share, joined by |
#   pair: a second column "other"; label "same" if both texts are of one half, else "different"
small_data() {
  awk -v rows="$2" -v seed="$3" -v kind="${4:-single}" -v words="$words" '
    function text(share,   w, n, out, high) {  # share: of upper words
      upper = 0; n = 3 + int(rand() * 8)
      for (w = 0; w < n; w++) {
        high = rand() < share; upper += high
        out = out " word" (6 + int((high + rand()) * words / 2))
      }
      upper /= n
      return substr(out, 2)
    }
    BEGIN {
      srand(seed); print kind == "pair" ? "text\tother\tlabel" : "text\tlabel"
      for (i = 0; i < rows; i++) {
        high = i % 2
        if (kind == "single") print text(high) "\t" (high ? "high" : "low")
        if (kind == "multi") {
          t = text((i % 3) / 2)
          print t "\t" (upper < 1 ? "low" : "") (upper > 0 && upper < 1 ? "|" : "") (upper > 0 ? "high" : "")
        }
        if (kind == "regression") { t = text(rand()); printf "%s\t%.3f\n", t, upper }
        if (kind == "numbers") { t = text(rand()); printf "%s\t%.3f|%.3f|%.3f\n", t, upper, 1 - 2 * upper, upper ^ 2 }
        if (kind == "pair") {
          other = int(i / 2) % 2
          print text(high) "\t" text(other) "\t" (high == other ? "same" : "different")
        }
      }
    }' > "$1"
}

# finetune_quietly OUTPUT_DIR OPTIONS...: a short training that must succeed.
finetune_quietly() {
  local out=$1
  shift
  "$thaw" finetune --model "$scratch/model" --output-dir "$out" --learning-rate 3e-3 --batch-size 16 \
    --save-strategy no "$@" > "$scratch/log" 2>&1 || die "training failed: $(cat "$scratch/log")"
}

# same_weights DIR DIR WHAT: both models have the same bits, else WHAT is wrong.
same_weights() { cmp -s "$1/model.safetensors" "$2/model.safetensors" || die "$3"; }

# same_results FILE FILE FIELD WHAT: the first number of that name is the same in both JSON files to five digits
# (evaluations in other batches round differently), else WHAT is wrong.
same_results() {
  local one other
  one=$(sed -n "s/.*\"$3\": \([-0-9.e+]*\).*/\1/p" "$1" | head -n 1)
  other=$(sed -n "s/.*\"$3\": \([-0-9.e+]*\).*/\1/p" "$2" | head -n 1)
  awk -v a="$one" -v b="$other" 'BEGIN { d = a - b; exit !(a != "" && b != "" && d * d <= 1e-10 * (b * b + 1e-10)) }' ||
    die "$4: $3 is $one instead of $other"
}

# result DIR SPLIT FIELD; at_least NUMBER LIMIT WHAT
result() { sed -n "s/.*\"$3\": \([-0-9.e+]*\).*/\1/p" "$1/$2_results.json"; }
at_least() {
  awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && a + 0 >= b + 0) }' || die "$3 is '$1', expected at least $2"
}
