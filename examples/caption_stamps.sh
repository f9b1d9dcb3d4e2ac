#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes tables of the stamps of Tux Paint (fetch_stamps.sh) and their English captions.
#
#   examples/caption_stamps.sh STAMPS DIR
#
# DIR gets train.tsv and test.tsv (image, text), a fifth of the captions in the test: no caption is in both, though
# pictures of one thing may be (a red car, a blue one). spoken.tsv (audio, text) has those captions that Tux Paint's
# authors speak. Paths are absolute. Does nothing if DIR is there already.
set -eu -o pipefail

die() { echo "caption_stamps: $*" >&2; exit 1; }
[ $# -eq 2 ] || { echo "usage: $0 STAMPS DIR" >&2; exit 2; }
target=$2
if [ -f "$target/train.tsv" ]; then
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || die "$target: is there, and has no train.tsv; remove it, or name another folder"
stamps=$(cd "$1" && pwd) || die "$1: is no folder"
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.captions.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# row TABLE FILE TEXT: a row of a file and the first line of its text, the English one; none if that is missing or
# empty. "train" is the test's for a fifth of the captions.
row() {
  local table=$1 text
  [ -f "$3" ] || return 0
  text=$(head -n 1 "$3" | tr -d '\r' | tr '\t' ' ')
  [ -n "$text" ] || return 0
  [ "$table" != train ] || [ $(($(printf %s "$text" | cksum | cut -d' ' -f1) % 5)) != 0 ] || table=test
  printf '%s\t%s\n' "$2" "$text" >> "$work/$table.tsv"
}
for part in train test; do printf 'image\ttext\n' > "$work/$part.tsv"; done
printf 'audio\ttext\n' > "$work/spoken.tsv"
find "$stamps" -name '*.png' | LC_ALL=C sort | while IFS= read -r picture; do
  row train "$picture" "${picture%.png}.txt"
done
find "$stamps" -name '*_desc.ogg' | LC_ALL=C sort | while IFS= read -r sound; do
  row spoken "$sound" "${sound%_desc.ogg}.txt"
done
for part in train test spoken; do
  [ "$(wc -l < "$work/$part.tsv")" -gt 1 ] || die "$stamps: has no captioned files for $part.tsv"
done
mv -T "$work" "$target"
for part in train test spoken; do
  echo "$target/$part.tsv: $(($(wc -l < "$target/$part.tsv") - 1)) rows"
done
