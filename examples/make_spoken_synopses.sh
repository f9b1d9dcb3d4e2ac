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
. "$(dirname "$0")/espeak_voices.sh"
usage() { echo "usage: $0 SUMMARIES DIR [COUNT]" >&2; exit 2; }
[ $# -ge 2 ] && [ $# -le 3 ] || usage
summaries=$1 target=$2 count=${3:-10000} held_out=500
case $count in *[!0-9]* | 0*) usage ;; esac
if [ -f "$target/train.tsv" ]; then
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || die "$target: is there, and has no train.tsv; remove it, or name another folder"

mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.spoken.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/sounds"

espeak_voices > "$work/voices.txt"

# texts PART COUNT: the first texts of SUMMARIES/PART.tsv that are short and no table has yet, be it in other case.
texts() {
  tail -n +2 "$summaries/$1.tsv" | cut -f 2 | awk -v count="$2" 'FILENAME != "-" { said[tolower($0)]; next }
    n < count && length($0) >= 15 && length($0) <= 60 && !(tolower($0) in said) { said[tolower($0)]; n++; print }' \
    "$work/texts.txt" - > "$work/$1.txt"
  local found
  found=$(wc -l < "$work/$1.txt")
  [ "$found" -eq "$2" ] || die "$summaries/$1.tsv: has $found short texts that no other table has, not $2"
  cat "$work/$1.txt" >> "$work/texts.txt"
}
# say PART: its texts, each by one voice, one after the other.
say() {
  local part=$1 number=0 voice name text
  local -a voices
  mapfile -t voices < <(sed -n "s/^$part //p" "$work/voices.txt")
  [ ${#voices[@]} -gt 0 ] || die "espeak-ng has no voice for $part"
  printf 'audio\ttext\n' > "$work/$part.tsv"
  while IFS= read -r text; do
    voice=${voices[number % ${#voices[@]}]}
    name=sounds/${part}_$number.wav
    espeak-ng -v "en+$voice" -s 165 -w "$work/$name" -- "$text" || die "espeak-ng cannot say $text as $voice"
    printf '%s\t%s\n' "$name" "$text" >> "$work/$part.tsv"
    number=$((number + 1))
  done < "$work/$part.txt"
  rm "$work/$part.txt"
}
: > "$work/texts.txt"
texts test $held_out
texts validation $held_out
texts train "$count"
for part in train validation test; do say $part; done
rm "$work/texts.txt" "$work/voices.txt"
mv -T "$work" "$target"
for part in train validation test; do
  echo "$target/$part.tsv: $(($(wc -l < "$target/$part.tsv") - 1)) sounds"
done
