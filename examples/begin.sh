# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts, with what they need of data/ (examples/data/README.md): minilm, topics, descriptions,
# entities, questions, summaries, translations, nli, pronunciations, mnist, fashion, films, whisper, spoken_words,
# damaged_pictures, scenes, stamp_captions, spoken_synopses. Installs, builds, and makes what is not there yet.
# Afterwards the source tree is the working directory, thaw and thaw-data are on the path, and there is
#   small_t5                    sizes of a T5 of 3 + 3 layers of 192 (options of thaw init)
#   small_t5_rates              what it learns by, from nothing (options of thaw finetune)
#   result DIR SPLIT FIELD      a number of DIR/SPLIT_results.json; where there is none words, and 1 returned: no printf
#                               takes them for a number
#   judge MODEL TABLE SPLIT     makes MODEL.judged/SPLIT_results.json by a table, unless it is there of this very model
#   topics_sample SIZE SEED     makes a table of SIZE texts a class for training, prints its name; of all: SIZE "all"
#   tfidf_accuracy FILE         the share of the topics' test texts that TF-IDF learns from FILE to tell
#   mean                        the mean of numbers, one a line, and of several their spread: "0.712 +- 0.013"
set -eu -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. examples/setup.sh
. examples/stop.sh
thaw_install build vulkan data
thaw_build
export PATH="$THAW_BUILD/examples/thaw:$THAW_BUILD/examples/data:$PATH"

thaw_debian_data() {  # NAME FILE: the data set that has FILE once it is complete
  examples/fetch_debian_lists.sh data/debian_lists
  [ -f "data/$1/$2" ] || thaw-data "debian-$1" --lists data/debian_lists --output "data/$1"
}
for thaw_needed; do
  case $thaw_needed in
    minilm) examples/fetch_minilm.sh data/minilm ;;
    topics) thaw_debian_data topics test.tsv ;;
    descriptions) thaw_debian_data descriptions test.txt ;;
    entities) thaw_debian_data entities test.jsonl ;;
    questions) thaw_debian_data questions test.json ;;
    nli) [ -f data/nli/test.tsv ] || thaw-data wordnet-nli --output data/nli ;;
    summaries | translations) thaw_debian_data "$thaw_needed" test.tsv ;;
    pronunciations)
      examples/fetch_cmudict.sh data/cmudict.dict
      [ -f data/pronunciations/test.tsv ] ||
        thaw-data pronunciations --dictionary data/cmudict.dict --output data/pronunciations ;;
    mnist)
      if [ ! -f data/mnist/test-images-idx3-ubyte ]; then
        examples/fetch_mnist.sh data/digits
        thaw-data mnist --digits data/digits --output data/mnist
      fi ;;
    fashion)
      if [ ! -f data/fashion/test-images-idx3-ubyte ]; then
        examples/fetch_fashion_mnist.sh data/fashion_files
        thaw-data fashion-mnist --files data/fashion_files --output data/fashion
      fi ;;
    films) [ -f data/films/test.tsv ] || thaw-data films --output data/films ;;
    whisper)
      if [ ! -f data/whisper_tiny_en/model.safetensors ]; then
        examples/fetch_whisper.sh data/whisper_ctranslate2
        thaw import whisper data/whisper_ctranslate2/model.bin data/whisper_tiny_en
      fi ;;
    spoken_words)
      thaw_install speech
      examples/make_spoken_words.sh data/spoken_words ;;
    damaged_pictures)
      if [ ! -d data/damaged_pictures ]; then
        examples/fetch_stamps.sh data/stamps
        thaw-data damaged-pictures --pictures data/stamps --output data/damaged_pictures
      fi ;;
    scenes) [ -f data/scenes/questions_train.tsv ] || thaw-data scenes --questions 8 --output data/scenes ;;
    stamp_captions)
      examples/fetch_stamps.sh data/stamps
      examples/caption_stamps.sh data/stamps data/stamp_captions ;;
    spoken_synopses)
      thaw_install speech
      thaw_debian_data summaries test.tsv
      examples/make_spoken_synopses.sh data/summaries data/spoken_synopses ;;
    *) echo "begin.sh: unknown data set $thaw_needed" >&2; exit 2 ;;
  esac
done

topics_sample() {
  [ "$1" != all ] || { echo data/topics/train.tsv; return; }
  local sample=data/topics/train_$1_$2.tsv
  [ -f "$sample" ] || thaw-data sample data/topics/train.tsv --per-class "$1" --seed "$2" --output "$sample" >&2
  echo "$sample"
}
result() {
  local number
  number=$(sed -n "/.*\"$3\": \([-0-9.e+][-0-9.e+]*\).*/{s//\1/p;q}" "$1/$2_results.json") || true
  echo "${number:-no $3 in $1/$2_results.json}"
  [ -n "$number" ]
}
judge() {
  local told=$1.judged/$3_results.json
  [ ! "$told" -nt "$1/model.safetensors" ] || return 0
  mkdir -p "$1.judged"
  thaw evaluate --model "$1" --test-file "$2" --output "$told" > "$1.judged/$3.txt"
}
tfidf_accuracy() { local told; told=$(thaw-data tfidf "$1" data/topics/test.tsv) && echo "${told##*TF-IDF }"; }
mean() {
  awk '{ n++; s += $1; q += $1 * $1 }
    END { m = s / n; v = q / n - m * m; printf("%.3f", m); if (n > 1) printf(" +- %.3f", sqrt(v > 0 ? v : 0)) }'
}

small_t5=(--type t5 --layers 3 --hidden-size 192)
# Two rates of their own, without which a T5 that begins with random weights writes what is likely for many epochs and
# does not look at its source: it knows where a token stands by its relative biases alone, which begin at some 0.07 and
# end at 3; its queries begin sqrt(64) times smaller than all else, and what is right for the rest throws them about.
small_t5_rates=(--learning-rate 1e-3 --lr '*.q.*=1.25e-4' --lr '*relative_attention_bias*=1e-2' --adam-beta2 0.98
  --warmup-steps 300)
