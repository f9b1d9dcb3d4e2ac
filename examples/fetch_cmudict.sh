#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches CMU's pronouncing dictionary (134,723 pronunciations, BSD licence) from Debian's package pocketsphinx-en-us.
#
#   examples/fetch_cmudict.sh FILE
#
# Needs apt and dpkg-deb alone and installs nothing; apt checks the signatures. Does nothing if FILE holds the
# dictionary already; a broken download leaves no FILE.
set -eu

package=pocketsphinx-en-us
inside=./usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict
sha256=9de99dd2a24b63c653c1c30ab39388d05185cae36d0875f15c319b4ad6dc43af

die() { echo "fetch_cmudict: $*" >&2; exit 1; }
matches() { [ "$(sha256sum < "$1" | cut -d' ' -f1)" = "$sha256" ]; }

[ $# -eq 1 ] || { echo "usage: $0 FILE" >&2; exit 2; }
target=$1

if [ -f "$target" ]; then
  matches "$target" || die "$target: is another dictionary (or damaged): expected SHA-256 $sha256"
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || die "$target: is no file; name another one"
command -v apt-get >/dev/null || die "apt-get is missing: this needs a Debian system"

# The work folder lies beside FILE, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.cmudict.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$package") > "$work/log" 2>&1 ||
  die "apt cannot download $package (apt-get update may be due): $(grep -m 1 '^E:' "$work/log")"
dpkg-deb --fsys-tarfile "$work"/*.deb | tar -xf - -C "$work" "$inside" || die "the downloaded package is damaged"
matches "$work/$inside" || die "the dictionary in $package has another SHA-256 than $sha256"
mv -T "$work/$inside" "$target"
echo "$target: $(wc -l < "$target") pronunciations, as expected"
