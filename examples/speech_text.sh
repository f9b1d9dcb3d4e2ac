#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Speech and texts in one space: two products above Whisper's encoder (tiny.en) and MiniLM, both frozen, learn which
# description of a program is said. Tested on 500 new descriptions in voices that were never heard, all of them
# espeak-ng's; and on the captions of Tux Paint's stamps that people speak, which were never learnt from.
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
judge "$out/spoken" data/stamp_captions/spoken.tsv stamps

synopses=$(($(wc -l < $spoken/test.tsv) - 1)) captions=$(($(wc -l < data/stamp_captions/spoken.tsv) - 1))
recall() { result "$out/$1" "$2" "$3_recall_at_1"; }
row() { printf '%-34s %20.3f %20.3f\n' "$@"; }
echo
printf '%-34s %20s %20s\n' "R@1" "$synopses descriptions" "$captions spoken captions"
row "a sound finds its text" "$(recall spoken test audio_to_text)" "$(recall spoken.judged stamps audio_to_text)"
row "a text finds its sound" "$(recall spoken test text_to_audio)" "$(recall spoken.judged stamps text_to_audio)"
row "by chance" "$(awk "BEGIN { print 1 / $synopses }")" "$(awk "BEGIN { print 1 / $captions }")"
printf 'trained for %.0f s\n' "$(result "$out/spoken" train train_seconds)"
