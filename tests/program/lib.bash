# SPDX-License-Identifier: Apache-2.0
# Sourced by the tests of the program: a scratch folder, a small model and data set in it, and checks that end the script.
set -eu -o pipefail
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
thaw=${THAW_BUILD:-$source_dir/build}/examples/thaw/thaw
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

# expect STATUS TEXT COMMAND...: the command ends with STATUS, and TEXT stands in what it prints. An error (status 1) is one line on the
# standard error.
expect() {
  local status=$1 text=$2 got=0 output errors
  shift 2
  output=$("$@" 2> "$scratch/expect.err") || got=$?
  errors=$(cat "$scratch/expect.err")
  [ "$got" = "$status" ] || die "status $got instead of $status: $*: $output $errors"
  [[ $output$errors == *"$text"* ]] || die "'$text' is not in the output of $*: $output $errors"
  [ "$status" != 1 ] || [ "$(wc -l < "$scratch/expect.err")" = 1 ] || die "more than one line of error: $*: $errors"
}

# A BERT directory from the goldens, with a vocabulary as large as its embedding table, and texts of those words in two classes.
small_model() {
  local goldens=${THAW_GOLDENS:-$source_dir/../shared/goldens}
  [ -d "$goldens/bert_seqclass" ] || goldens=$source_dir/tests/goldens
  mkdir -p "$scratch/model"
  cp "$goldens/bert_seqclass/config.json" "$goldens/bert_seqclass/model.safetensors" "$scratch/model/"
  local size
  size=$(sed -n 's/.*"vocab_size": \([0-9]*\).*/\1/p' "$scratch/model/config.json")
  { printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]'; seq 6 "$size" | sed 's/^/word/'; } > "$scratch/model/vocab.txt"
}

# small_data FILE ROWS SEED: class "low" uses the lower half of the words, "high" the upper.
small_data() {
  awk -v rows="$2" -v seed="$3" 'BEGIN {
    srand(seed); print "text\tlabel"
    for (i = 0; i < rows; i++) {
      high = i % 2; text = ""
      for (w = 0; w < 3 + int(rand() * 9); w++) text = text " word" (6 + high * 100 + int(rand() * 99))
      print substr(text, 2) "\t" (high ? "high" : "low")
    }
  }' > "$1"
}
