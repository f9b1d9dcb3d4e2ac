#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One damaged file of each kind among whole ones, through the program: one line that names the file, status 1, and what
# was there before stays as it was. (tests/models/damaged has hundreds of them.)
. "$(dirname "$0")/lib.bash"
pictures=$source_dir/tests/goldens/images sounds=$source_dir/tests/models/audio/sounds

# picture FILE BYTE: 2 x 2 pixels, all of one colour
picture() {
  mkdir -p "$(dirname "$1")"
  { printf 'P6\n2 2\n255\n'; printf "$2%.0s" 1 2 3 4 5 6 7 8 9 10 11 12; } > "$1"
}
for name in a z; do
  picture "$scratch/pictures/dark/$name.ppm" ' '
  picture "$scratch/pictures/light/$name.ppm" x
done
mkdir -p "$scratch/sounds/one" "$scratch/sounds/other"
cp "$sounds/tone.flac" "$scratch/sounds/one"
cp "$sounds/tone.ogg" "$scratch/sounds/other"

"$thaw" init --type vit --image-size 4 --patch-size 2 --layers 1 --hidden-size 16 --heads 2 \
  --output-dir "$scratch/model" > /dev/null
finetune_quietly "$scratch/run" --task image-classification --train-file "$scratch/pictures" --eval-strategy no \
  --max-steps 2
"$thaw" predict --model "$scratch/run" "$scratch/pictures" > "$scratch/answers"
cp -r "$scratch/run" "$scratch/before"

# refuses FILE COMMAND...: one line of error, in which FILE is named once, and status 1
refuses() {
  local file=$1
  shift
  expect 1 "$file: " "$@"
  [ "$(grep -o -F -- "$file" "$scratch/expect.err" | wc -l)" = 1 ] ||
    die "$file is not named once: $(cat "$scratch/expect.err")"
}

# damaged_picture NAME: bytes from the standard input, in the middle of a folder
damaged_picture() {
  local file=$scratch/pictures/light/$1
  cat > "$file"
  refuses "$file" "$thaw" data --task image-classification --train-file "$scratch/pictures"
  refuses "$file" "$thaw" finetune --task image-classification --model "$scratch/run" \
    --train-file "$scratch/pictures" --output-dir "$scratch/none"
  refuses "$file" "$thaw" evaluate --model "$scratch/run" --test-file "$scratch/pictures"
  refuses "$file" "$thaw" predict --model "$scratch/run" --batch-size 1 "$scratch/pictures"
  # Answers about files before it were given.
  [[ $(cat "$scratch/answers") == "$(cat "$scratch/expect.out")"* ]] ||
    die "$1: other answers: $(cat "$scratch/expect.out")"
  holds "$scratch/expect.out" 'dark/a.ppm$' "$1: answers that were known"
  [ ! -e "$scratch/none" ] || die "$1: something was written"
  diff -r "$scratch/before" "$scratch/run" > /dev/null || die "$1: the model was changed"
  rm "$file"
}
head -c 300 "$pictures/2.png" | damaged_picture m.png
sed 's/IDAT/IDAX/' "$pictures/2.png" | damaged_picture m.png
for file in "$pictures"/*.jpg; do head -c 500 "$file" | damaged_picture m.jpg; done
printf 'P6 60000 60000 255 few' | damaged_picture m.ppm
printf 'P2 2 2 255 1 2 3' | damaged_picture m.pgm
printf '' | damaged_picture m.png
printf '<html>' | damaged_picture m.jpg

# damaged_sound NAME: the same of sounds, by what looks at data alone
damaged_sound() {
  local file=$scratch/sounds/one/$1
  cat > "$file"
  refuses "$file" "$thaw" data --task audio-classification --train-file "$scratch/sounds"
  rm "$file"
}
if "$thaw" data --task audio-classification --train-file "$scratch/sounds" > "$scratch/log" 2>&1; then
  head -c 1500 "$sounds/tone.flac" | damaged_sound u.flac
  head -c 3100 "$sounds/tone.ogg" | damaged_sound u.ogg
  printf 'RIFF\4\0\0\0WAVE' | damaged_sound u.wav
  printf '' | damaged_sound u.wav
else
  holds "$scratch/log" 'without libsndfile' "whole sounds"
  echo "skipped: thaw was built without libsndfile"
fi

# Four bytes of pixels, and a header of 2^31 pictures.
idx=$scratch/t-images-idx3-ubyte
printf '\0\0\10\3\200\0\0\0\0\0\0\2\0\0\0\2abcd' > "$idx"
printf '\0\0\10\1\0\0\0\1\1' > "$scratch/t-labels-idx1-ubyte"
refuses "$idx" "$thaw" data --task image-classification --train-file "$idx"
gzip "$idx"
head -c 40 "$idx.gz" > "$idx.cut.gz"
cp "$scratch/t-labels-idx1-ubyte" "$scratch/t-labels-idx1-ubyte.cut.gz"
refuses "$idx.cut.gz" "$thaw" data --task image-classification --train-file "$idx.cut.gz"
echo "damaged files: each is told by one line, and nothing was lost"
