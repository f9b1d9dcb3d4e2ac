#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches Fashion-MNIST (70,000 pictures of clothes in 10 classes, MIT licence) from Debian's package
# dataset-fashion-mnist: four gzip'd IDX files.
#
#   examples/fetch_fashion_mnist.sh DIR
#
# Needs apt and dpkg-deb alone and installs nothing; apt checks the signatures. Does nothing if DIR holds the files
# already; a broken download leaves no DIR.
set -eu

package=dataset-fashion-mnist
inside=./usr/share/datasets/fashion-mnist

die() { echo "fetch_fashion_mnist: $*" >&2; exit 1; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1

if [ -f "$target/t10k-images-idx3-ubyte.gz" ]; then
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || rmdir "$target" 2>/dev/null ||
  die "$target: is not empty and has no t10k-images-idx3-ubyte.gz; remove it, or name another folder"
command -v apt-get >/dev/null || die "apt-get is missing: this needs a Debian system"

# The work folder lies beside DIR, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.fashion.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$package") > "$work/log" 2>&1 ||
  die "apt cannot download $package (apt-get update may be due): $(grep -m 1 '^E:' "$work/log")"
dpkg-deb --fsys-tarfile "$work"/*.deb | tar -xf - -C "$work" "$inside" || die "the downloaded package is damaged"
mv -T "$work/$inside" "$target"
echo "$target: $(du -sm "$target" | cut -f1) MB"
