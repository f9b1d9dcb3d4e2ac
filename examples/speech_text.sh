#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speech and texts in one space: two products above Whisper's encoder (tiny.en) and MiniLM, both frozen, learn which
# description of a program is said. Tested on 500 new descriptions in voices that were never heard, all of them
# espeak-ng's; and on 66 captions of Tux Paint's stamps that people speak, which were never learnt from.
#
#   examples/speech_text.sh [OPTIONS OF thaw finetune, e.g. --max-steps 20]
. "$(dirname "$0")/begin.sh" minilm whisper spoken_synopses stamp_captions

out=runs/speech_text spoken=data/spoken_synopses
[ -d "$out/new" ] || thaw init --type speech-text --audio-model data/whisper_tiny_en --text-model data/minilm \
  --projection-size 256 --output-dir "$out/new"
thaw_finetune --task speech-text --model "$out/new" --train-file $spoken/train.tsv \
  --validation-file $spoken/validation.tsv --test-file $spoken/test.tsv --num-train-epochs 60 --batch-size 256 \
  --learning-rate 2e-3 --warmup-ratio 0.1 --lr-scheduler-type cosine --eval-strategy no --save-strategy no \
  --output-dir "$out/spoken" "$@"
judge() {  # MODEL TABLE NAME: $out/NAME.json
  [ -f "$out/$3.json" ] || thaw evaluate --model "$1" --test-file "$2" --output "$out/$3.json" > "$out/$3.txt"
}
judged() { sed -n "s/.*\"$2\": \([-0-9.e+]*\).*/\1/p" "$out/$1.json" | head -n 1; }
judge "$out/spoken" $spoken/test.tsv synopses
judge "$out/spoken" data/stamp_captions/spoken.tsv stamps

echo
printf '%-34s %20s %20s\n' "R@1" "500 descriptions" "66 spoken captions"
row() { printf '%-34s %20.3f %20.3f\n' "$@"; }
row "a sound finds its text" "$(judged synopses audio_to_text_recall_at_1)" "$(judged stamps audio_to_text_recall_at_1)"
row "a text finds its sound" "$(judged synopses text_to_audio_recall_at_1)" "$(judged stamps text_to_audio_recall_at_1)"
row "by chance" .002 "$(awk 'END { print 1 / (NR - 1) }' data/stamp_captions/spoken.tsv)"
printf '%-34s %20.0f\n' "seconds of training" "$(result "$out/spoken" train train_seconds)"
