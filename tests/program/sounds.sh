#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sounds through the program: a new AST and a new Whisper tell high tones from low ones; several are predicted at once;
# what is cut off, or asks for sizes that cannot be, is refused.
. "$(dirname "$0")/lib.bash"

# bytes NUMBER COUNT: the lowest first
bytes() { for ((i = 0; i < $2; i++)); do printf "\\x$(printf %02x $((($1 >> 8 * i) & 255)))"; done; }
# tone FILE HALF [SAID]: 1,600 samples, each HALF of them of one sign; the header says SAID bytes.
tone() {
  mkdir -p "$(dirname "$1")"
  { printf 'RIFF'; bytes $((${3:-3200} + 36)) 4; printf 'WAVEfmt '; bytes 16 4; bytes 1 2; bytes 1 2; bytes 16000 4
    bytes 32000 4; bytes 2 2; bytes 16 2; printf 'data'; bytes "${3:-3200}" 4
    awk -v half="$2" 'BEGIN { for (i = 0; i < 1600; i++) printf "%s", int(i / half) % 2 ? "@0" : "@P" }'
  } > "$1"
}
for half in 3 4 5 6; do tone "$scratch/train/high/$half.wav" $half; done
for half in 30 40 50 60; do tone "$scratch/train/low/$half.wav" $half; done
tone "$scratch/test/a.wav" 4
tone "$scratch/test/b.wav" 45

for type in audio-spectrogram-transformer whisper; do
  new=(--type $type --mel-bins 16 --layers 2 --hidden-size 16 --heads 2)
  [ $type = whisper ] || new+=(--patch-size 8)
  if ! "$thaw" init "${new[@]}" --frames 100 --output-dir "$scratch/$type" > "$scratch/log" 2>&1; then
    die "no new $type: $(cat "$scratch/log")"
  fi
  holds "$scratch/log" '; it reads sounds$' "what it reads"
  [ -f "$scratch/$type/preprocessor_config.json" ] || die "how sounds are heard is not saved"
  "$thaw" predict --model "$scratch/$type" "$scratch/test/a.wav" > "$scratch/log" 2>&1 || true
  if grep -q 'built without libsndfile' "$scratch/log"; then
    echo "sounds: skipped, thaw was built without libsndfile"
    exit 0
  fi
  holds "$scratch/log" 'answers by chance$' "a model that never learnt"
  rm -rf "$scratch/run"
  finetune_quietly "$scratch/run" --task audio-classification --model "$scratch/$type" --train-file "$scratch/train" \
    --max-steps 30 --eval-strategy no
  holds "$scratch/log" '[0-9] \(patches\|positions\)/s)' "how fast it learnt"
  [ "$("$thaw" predict --model "$scratch/run" "$scratch/test/a.wav" "$scratch/test/b.wav" | cut -f1 | tr '\n' ' ')" = \
    "label high low " ] || die "$type: tones are not told"
  printf 'audio\tlabel\ntest/a.wav\tlow\ntest/b.wav\tlow\n' > "$scratch/wrong.tsv"
  expect 0 "wrong.tsv:2, $scratch/test/a.wav" "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/wrong.tsv"
  holds "$scratch/expect.out" 'the model said; the sound$' "the most wrong"
  expect 0 "high/3.wav: a sound of " "$thaw" data --task audio-classification --model "$scratch/run" --train-file \
    "$scratch/train" --show 1
done

# What a header says is there is there, unless it says nothing: it was written into a pipe.
tone "$scratch/cut.wav" 4 6400
expect 1 "cut.wav: is cut off: its header says 6400 bytes of sound, 3200 are there" "$thaw" predict --model \
  "$scratch/run" "$scratch/cut.wav"
for said in 0 $((0x7FFFF000)) $((0xFFFFFFFF)); do
  tone "$scratch/piped.wav" 4 "$said"
  expect 0 "piped.wav" "$thaw" predict --model "$scratch/whisper" "$scratch/piped.wav"
done

# What is behind the model's hearing is told to be cut off.
"$thaw" init --type audio-spectrogram-transformer --mel-bins 16 --layers 1 --hidden-size 16 --heads 2 --patch-size 4 \
  --frames 5 --output-dir "$scratch/brief" > "$scratch/log" 2>&1 || die "no brief AST: $(cat "$scratch/log")"
expect 0 "note: 2 of 2 sounds are longer than the 0.05 s that the model hears: the rest is cut off" "$thaw" predict \
  --model "$scratch/brief" "$scratch/test/a.wav" "$scratch/test/b.wav"
finetune_quietly "$scratch/brief_run" --task audio-classification --model "$scratch/brief" \
  --train-file "$scratch/train" --max-steps 1 --eval-strategy no
holds "$scratch/log" "$scratch/train: 8 of 8 sounds are longer than the 0.05 s" "sounds that are cut"

bad() {
  expect 2 "$1" "$thaw" init --output-dir "$scratch/none" "${@:2}"
  [ ! -e "$scratch/none" ] || die "something was written"
}
bad "--frames 250: Whisper's feature extractor cuts sounds at whole seconds, of 100 frames" --type whisper --frames 250
bad "--patch-size 4: a Whisper has no patches" --type whisper --patch-size 4
bad "--positions 4: a Whisper has one for two frames" --type whisper --positions 4
bad "--hidden-size 3: an even number of 4 or more was expected" --type whisper --hidden-size 3 --heads 1
bad "--patch-size 32: a patch of 32 x 32 does not fit 16 bins" --type audio-spectrogram-transformer --patch-size 32 \
  --mel-bins 16
bad "--image-size: is for models of pictures or films or questions about pictures, which whisper is none of" \
  --type whisper --image-size 8
bad "--mel-bins: is for models of sounds, which vit is none of" --type vit --mel-bins 8
echo "sounds: new models learn, tell several at once, and refuse what is cut off"
