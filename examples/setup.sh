# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts: installs the Debian packages that are missing and builds thaw.
#   thaw_install GROUP...   groups: build, vulkan, test, data, speech; sanitize and ci for who works on thaw
#   thaw_build              configures and builds $THAW_BUILD (default: build, below the source tree)

THAW_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
THAW_BUILD=${THAW_BUILD:-$THAW_SOURCE/build}

thaw_on_bookworm() { grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; }

thaw_packages() {
  case $1 in
    build)
      echo meson ninja-build g++ pkg-config
      echo libdnnl-dev libopenblas-dev libfmt-dev libcli11-dev libutf8proc-dev zlib1g-dev nettle-dev
      echo libpng-dev libjpeg-dev libsndfile1-dev
      ;;
    vulkan) echo libvulkan-dev glslc mesa-vulkan-drivers ;;
    test) echo doctest-dev vulkan-validationlayers ;;
    speech) echo espeak-ng ;;
    data) echo python3-pip unzip ca-certificates wordnet-base ;;
    # the sanitizers' own libraries are no dependency of clang: 14 on Debian 12, 19 on Debian 13
    sanitize)
      echo clang libomp-dev llvm
      if thaw_on_bookworm; then echo libclang-rt-14-dev; else echo libclang-rt-19-dev; fi
      ;;
    ci) echo git debootstrap; ! thaw_on_bookworm || echo clang-format-14 ;;
    *) echo "setup: unknown group $1" >&2; return 2 ;;
  esac
}

# Installs by apt what is missing of the groups' packages. Without root and without sudo, says what to install.
thaw_install() {
  local group package missing=()
  for group in "$@"; do
    for package in $(thaw_packages "$group"); do
      dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=() log
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "these packages are missing; install them as root: apt-get install ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "installing: ${missing[*]}"
  log=$(mktemp)
  if "${as_root[@]}" apt-get update -qq >"$log" 2>&1 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}

# The arguments are options for meson, of a new build or an old one.
thaw_build() {
  local log
  log=$(mktemp)
  local configure=(meson setup "$THAW_BUILD" "$THAW_SOURCE" "$@")
  if [ -f "$THAW_BUILD/build.ninja" ]; then
    configure=(true)
    [ $# = 0 ] || configure=(meson configure "$THAW_BUILD" "$@")
  fi
  if "${configure[@]}" >"$log" 2>&1 && ninja -C "$THAW_BUILD" >"$log" 2>&1; then
    rm -f "$log"
  else
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
}
