#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes sounds of short descriptions of programs (the targets of data/summaries) as espeak-ng's voices say them.
#
#   examples/make_spoken_synopses.sh SUMMARIES DIR [COUNT]
#
# DIR gets the sounds, and tables of them (audio, text): train.tsv, COUNT of them (10,000: 1.2 GB), validation.tsv with
# 500, test.tsv with 500. Each text is said by one voice; texts and voices of a table are in no other. Does nothing if
# DIR is there already; stopped, it leaves none.
set -eu -o pipefail

die() { echo "make_spoken_synopses: $*" >&2; exit 1; }
[ $# -ge 2 ] && [ $# -le 3 ] || { echo "usage: $0 SUMMARIES DIR [COUNT]" >&2; exit 2; }
summaries=$1 target=$2 count=${3:-10000} held_out=500
if [ -f "$target/train.tsv" ]; then
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || die "$target: is there, and has no train.tsv; remove it, or name another folder"
command -v espeak-ng > /dev/null || die "espeak-ng is missing (Debian: apt-get install espeak-ng)"
folder=$(espeak-ng --version | sed -n 's/.*Data at: //p')/voices/!v
[ -d "$folder" ] || die "$folder: no voices of espeak-ng's are there"

mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.spoken.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/sounds"

# Voices by a hash of their names, as in make_spoken_words.sh; one that sounds like another is left out.
train_voices=() validation_voices=() test_voices=() heard=
for path in "$folder"/*; do
  voice=$(basename "$path")
  sound=$(espeak-ng -v "en+$voice" --stdout zero | cksum)
  case $heard in *"<$sound>"*) continue ;; esac
  heard+="<$sound>"
  case $(($(printf %s "$voice" | cksum | cut -d' ' -f1) % 10)) in
    0) validation_voices+=("$voice") ;;
    1 | 2) test_voices+=("$voice") ;;
    *) train_voices+=("$voice") ;;
  esac
done

# say PART COUNT VOICES...: the first texts of SUMMARIES/PART.tsv that are short, each once, said by one voice after
# the other.
say() {
  local part=$1 count=$2 number=0 voice name
  local -a voices=("${@:3}")
  printf 'audio\ttext\n' > "$work/$part.tsv"
  while IFS= read -r text; do
    voice=${voices[number % ${#voices[@]}]}
    name=sounds/${part}_$number.wav
    espeak-ng -v "en+$voice" -s 165 -w "$work/$name" -- "$text" || die "espeak-ng cannot say $text as $voice"
    printf '%s\t%s\n' "$name" "$text" >> "$work/$part.tsv"
    number=$((number + 1))
  done < <(tail -n +2 "$summaries/$part.tsv" | cut -f 2 | awk -v count="$count" \
    'n < count && length($0) >= 15 && length($0) <= 60 && !said[$0]++ { n++; print }')
  echo "$target/$part.tsv: $number sounds"
}
say train "$count" "${train_voices[@]}"
say validation $held_out "${validation_voices[@]}"
say test $held_out "${test_voices[@]}"
mv -T "$work" "$target"
