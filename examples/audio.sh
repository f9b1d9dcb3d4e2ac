#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Spoken words: a head on the frozen encoder of Whisper (tiny.en), which heard 680,000 hours of speech, learns twenty
# words from seventy voices, or from two; beside the same encoder that has heard nothing and is trained whole. Tested on
# voices that none of them has heard. All voices are espeak-ng's, not people's.
#
#   examples/audio.sh [OPTIONS OF thaw finetune for every training, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" whisper spoken_words

out=runs/audio words=data/spoken_words
more=("$@")
# learn NAME TABLE EPOCHS OPTIONS...
learn() {
  echo "== $1"
  thaw_finetune --task audio-classification --model data/whisper_tiny_en --train-file "$words/$2.tsv" \
    --validation-file "$words/validation.tsv" --test-file "$words/test.tsv" --num-train-epochs "$3" --batch-size 32 \
    --warmup-ratio 0.1 --eval-strategy no --save-strategy no --output-dir "$out/$1" "${@:4}" ${more[@]+"${more[@]}"}
}
head=(--freeze '*' --train '{classifier,projector}.*' --learning-rate 1e-2)
scratch=(--from-scratch --learning-rate 3e-4)
learn head_all train 10 "${head[@]}"
learn head_two two_voices 100 "${head[@]}"
learn scratch_all train 10 "${scratch[@]}"
learn scratch_two two_voices 60 "${scratch[@]}"

echo
printf '%-42s %12s %12s\n' "test accuracy on new voices, learnt from" "all voices" "two voices"
row() {
  printf '%-42s %12.3f %12.3f\n' "$1" "$(result "$out/$2_all" test accuracy)" "$(result "$out/$2_two" test accuracy)"
}
row "a head on Whisper's frozen encoder" head
row "the same encoder, heard nothing, all of it" scratch
printf '%-42s %12.0f %12.0f\n' "seconds of training, the head" \
  "$(result "$out/head_all" train train_seconds)" "$(result "$out/head_two" train train_seconds)"
printf '%-42s %12.0f %12.0f\n' "from nothing" \
  "$(result "$out/scratch_all" train train_seconds)" "$(result "$out/scratch_two" train train_seconds)"
