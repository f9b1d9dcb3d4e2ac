#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes sounds of twenty words as espeak-ng says them: by each of its hundred voices, slowly and fast.
#
#   examples/make_spoken_words.sh DIR
#
# DIR has the sounds, and tables of them (audio, label): train.tsv, validation.tsv, test.tsv, and two_voices.tsv, the
# part of the first that two voices say. A voice is in one of the three alone, chosen by a hash of its name; one that
# sounds like another is left out. Does nothing if DIR is there already; stopped, it leaves none.
set -eu -o pipefail

die() { echo "make_spoken_words: $*" >&2; exit 1; }
. "$(dirname "$0")/espeak_voices.sh"
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1
if [ -f "$target/train.tsv" ]; then
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || die "$target: is there, and has no train.tsv; remove it, or name another folder"

words=(zero one two three four five six seven eight nine yes no up down left right on off stop go)
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.spoken.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/sounds"
for part in train validation test two_voices; do printf 'audio\tlabel\n' > "$work/$part.tsv"; done
espeak_voices > "$work/voices.txt"
taught=0
while read -r part voice; do
  [ "$part" != train ] || taught=$((taught + 1))
  for word in "${words[@]}"; do
    for speed in 130 175; do
      name="sounds/${voice// /_}_${word}_$speed.wav"
      espeak-ng -v "en+$voice" -s $speed -w "$work/$name" "$word" < /dev/null ||
        die "espeak-ng cannot say $word as $voice"
      printf '%s\t%s\n' "$name" "$word" >> "$work/$part.tsv"
      [ "$part" != train ] || [ $taught -gt 2 ] || printf '%s\t%s\n' "$name" "$word" >> "$work/two_voices.tsv"
    done
  done
done < "$work/voices.txt"
rm "$work/voices.txt"
mv -T "$work" "$target"
for part in train validation test two_voices; do
  echo "$target/$part.tsv: $(($(wc -l < "$target/$part.tsv") - 1)) sounds"
done
