#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command, tests/run.sh if none is given, on a copy of this tree in a folder with another release of Debian.
#   tests/in_release.sh trixie                            every test on Debian 13
#   tests/in_release.sh bookworm examples/quickstart.sh   another command
# The folder is made anew and removed at the end, unless THAW_RELEASE_FOLDER names one to keep. Mirror, proxies and keys
# are those of this machine's apt. Where it cannot work (it needs root, debootstrap, mounts and a mirror) one line
# "skipped: ..." says why, and the status is 77.
set -u
source_dir=$(cd "$(dirname "$0")/.." && pwd)
skip() { echo "skipped: no tests on Debian $release: $*"; exit 77; }

# In mount and process namespaces of its own: they, and with them every mount and process, end with this shell. The
# first time, makes the system.
inside() {
  local folder=$1 release=$2 mirror=$3 begin=$SECONDS path
  shift 3
  if [ ! -e "$folder/made" ]; then
    # shellcheck disable=SC2046  # no include, no option
    debootstrap --variant=minbase $([[ $mirror != https:* ]] || echo --include=ca-certificates) \
      "$release" "$folder" "$mirror" > "$folder/debootstrap.out" 2>&1 ||
      { tail -n 5 "$folder/debootstrap.out"; echo "debootstrap $release failed"; return 1; }
    apt-config dump | grep -E '^Acquire::(https?|Retries|Check-|ForceIPv)' > "$folder/etc/apt/apt.conf.d/00outside"
    touch "$folder/made"
    echo "made a folder with Debian $release in $((SECONDS - begin)) s"
  fi
  local trusted=/etc/ssl/certs/ca-certificates.crt trust=()  # a proxy may have its own authority
  if [ -f $trusted ]; then
    cat $trusted > "$folder/etc/outside.crt"
    local name
    for name in SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do trust+=("$name=/etc/outside.crt"); done
  fi
  for path in /etc/resolv.conf /etc/hosts /etc/pip.conf; do [ ! -e $path ] || cat $path > "$folder$path"; done
  rm -rf "$folder/src/thaw"
  mkdir -p "$folder/src/thaw" "$folder/src/shared"
  git -C "$source_dir" -c safe.directory='*' ls-files -coz --exclude-standard |
    tar -C "$source_dir" --null -T - --ignore-failed-read -c | tar -C "$folder/src/thaw" -x || return 1
  mount -t proc proc "$folder/proc" && mount --rbind /sys "$folder/sys" && mount --rbind /dev "$folder/dev" || return 1
  if [ -d "$source_dir/../shared" ]; then
    mount -o bind,ro "$source_dir/../shared" "$folder/src/shared" || return 1
  else
    rmdir "$folder/src/shared"
  fi
  env -u CC -u CXX -u TMPDIR -u THAW_GOLDENS HOME=/root LC_ALL=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${trust[@]}" THAW_BUILD=/src/build \
    chroot "$folder" bash -c 'cd /src/thaw && exec "$@"' bash "$@"
}

if [ "${1:-}" = --inside ]; then shift; inside "$@"; exit; fi
release=${1:?"usage: tests/in_release.sh RELEASE [COMMAND...]"}
shift
[ $# -gt 0 ] || set -- bash tests/run.sh

[ "$(id -u)" = 0 ] || skip "only root can make a folder with it"
command -v debootstrap > /dev/null || skip "debootstrap is not installed"
apart=(unshare --mount --propagation private --pid --fork --kill-child)
"${apart[@]}" mount -t proc proc /proc 2> /dev/null || skip "mounts are not allowed here"
mirror=$(apt-get indextargets --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
  awk -v host="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" \
    '$1 == "main" && $2 ~ "^(" host "|(old)*stable)$" { print $3; exit }')
[ -n "$mirror" ] || skip "apt names no mirror"
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
export http_proxy https_proxy

folder=${THAW_RELEASE_FOLDER:-}
probe=$(mktemp -d)
if ! /usr/lib/apt/apt-helper download-file "${mirror%/}/dists/$release/Release" "$probe/Release" > /dev/null 2>&1; then
  rm -rf "$probe"
  skip "the mirror does not have it"
fi
rm -rf "$probe"
running=
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ -n "$folder" ]; then
  trap '[ -z "$running" ] || kill -KILL "$running"' EXIT
else
  folder=$(mktemp -d -p "${TMPDIR:-/var/tmp}" "debian-$release.XXXXXX")
  trap '[ -z "$running" ] || { kill -KILL "$running"; wait "$running" 2> /dev/null; }
    rm -rf --one-file-system "$folder"' EXIT
fi
mkdir -p "$folder" && chmod 755 "$folder" || exit 1  # mktemp makes it for root alone, apt downloads as another user
"${apart[@]}" bash "$0" --inside "$folder" "$release" "$mirror" "$@" &
running=$!
wait $running
status=$?
running=
exit $status
