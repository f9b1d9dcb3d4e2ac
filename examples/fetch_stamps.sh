#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches the stamps of Tux Paint, 796 pictures of things on transparent ground (GPL-2), from Debian's package
# tuxpaint-stamps-default.
#
#   examples/fetch_stamps.sh DIR
#
# Needs apt and dpkg-deb alone and installs nothing; apt checks the signatures. Does nothing if DIR is there already; a
# broken download leaves no DIR.
set -eu

package=tuxpaint-stamps-default
inside=./usr/share/tuxpaint/stamps

die() { echo "fetch_stamps: $*" >&2; exit 1; }
pictures() { find "$1" -name '*.png' | wc -l; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1

if [ -d "$target" ]; then
  [ "$(pictures "$target")" -gt 0 ] || die "$target: is there, and has no pictures; remove it, or name another folder"
  echo "$target: there already"
  exit 0
fi
[ ! -e "$target" ] || die "$target: is no folder; name another one"
command -v apt-get >/dev/null || die "apt-get is missing: this needs a Debian system"

# The work folder lies beside DIR, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.stamps.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$package") > "$work/log" 2>&1 ||
  die "apt cannot download $package (apt-get update may be due): $(grep -m 1 '^E:' "$work/log")"
dpkg-deb --fsys-tarfile "$work"/*.deb | tar -xf - -C "$work" "$inside" || die "the downloaded package is damaged"
[ "$(pictures "$work/$inside")" -gt 0 ] || die "the downloaded package has no pictures"
mv -T "$work/$inside" "$target"
echo "$target: $(pictures "$target") pictures"
