#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fetches Debian 12's package lists: names, sections and descriptions (English, German, French) of all packages of
# "bookworm main".
#
#   examples/fetch_debian_lists.sh DIR
#
# Leaves DIR/Packages, DIR/Translation-{en,de,fr} and DIR/InRelease (says which point release they are). Needs apt alone
# and changes nothing in the system: apt works on a private copy of its state. The mirror is the one that this machine's
# apt uses; release and architecture are fixed, so that every machine gets the same data. Apt checks the signatures.
# Does nothing if DIR is complete.
set -eu

die() { echo "fetch_debian_lists: $*" >&2; exit 1; }

[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
target=$1
files="Packages Translation-en Translation-de Translation-fr InRelease"

complete=yes
for file in $files; do [ -s "$target/$file" ] || complete=no; done
if [ $complete = yes ]; then echo "$target: there already"; exit 0; fi
[ ! -e "$target" ] || rmdir "$target" 2>/dev/null ||
  die "$target: is not a complete copy of the lists; remove it, or name another folder"
command -v apt-get >/dev/null || die "apt-get is missing: this needs a Debian system"

# The private state lies beside DIR, so that the last step is a rename.
mkdir -p "$(dirname "$target")"
work=$(cd "$(dirname "$target")" && mktemp -d "$PWD/.debian_lists.XXXXXX") || die "cannot write beside $target"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/out"

# Apt itself says where its sources point, whatever their format: the first that serves a release's main archive.
mirror=$(apt-get --print-uris update 2>/dev/null |
  sed -n "s#^'\(.*\)/dists/\([a-z]*\)/InRelease'.*#\1#p" | grep -v 'debian-security' | head -n 1) || true
[ -n "$mirror" ] || die "no mirror of Debian is configured in /etc/apt/sources.list or /etc/apt/sources.list.d"

keyring=
for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
  [ -e "$file" ] && { keyring=$file; break; }
done
[ -n "$keyring" ] || die "the package debian-archive-keyring is missing"

echo "deb [arch=amd64 signed-by=$keyring] $mirror bookworm main" > "$work/sources.list"
# Minimal images switch translations off ("none") and keep lists compressed: both are set back here. The sandbox user of
# apt could not write to a folder of the caller's.
cat > "$work/apt.conf" <<CONF
#clear Acquire::Languages;
Acquire::Languages { "en"; "de"; "fr"; };
Acquire::GzipIndexes "false";
Acquire::Retries "2";
#clear Acquire::IndexTargets::deb::DEP-11;
#clear Acquire::IndexTargets::deb::DEP-11-icons-small;
#clear Acquire::IndexTargets::deb::DEP-11-icons;
#clear Acquire::IndexTargets::deb::DEP-11-icons-hidpi;
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State::lists "$work/lists";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "-";
CONF

apt-get -c "$work/apt.conf" -qq update > "$work/log" 2>&1 ||
  die "cannot get bookworm from $mirror: $(grep '^[EW]:' "$work/log" | head -n 1)"

for file in $files; do
  found=$(find "$work/lists" -maxdepth 1 -type f -name "*bookworm*_$file")
  [ -n "$found" ] || die "$mirror has no $file for bookworm main"
  mv "$found" "$work/out/$file"
done
mv -T "$work/out" "$target"
release=$(sed -n 's/^Version: /Debian /p' "$target/InRelease")
echo "$target: $release, $(grep -c '^Package: ' "$target/Packages") packages"
