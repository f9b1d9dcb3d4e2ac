#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs thaw, its tests and benchmarks with their libraries into the new folder OUT, for machines that have none of the
# packages of the build: x86-64, a glibc as new as is said at the end, a Vulkan loader with a driver. OUT/check.sh tells
# there whether the GPU works and how fast it is.
#   portable.sh OUT [--no-cpu]
#   --no-cpu   without the cpu device and its large libraries; built in a folder of its own, $THAW_BUILD-no-cpu
# THAW_GOLDENS names other goldens than tests/goldens.
set -eu -o pipefail
out= cpu=yes
for argument; do
  case $argument in
    --no-cpu) cpu=no ;;
    -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "portable.sh: unknown option $argument" >&2; exit 2 ;;
    *) [ -z "$out" ] || { echo "portable.sh: one folder was expected, not '$out' and '$argument'" >&2; exit 2; }
      out=$argument ;;
  esac
done
[ -n "$out" ] || { echo "usage: portable.sh OUT [--no-cpu]" >&2; exit 2; }
[ ! -e "$out" ] || { echo "portable.sh: $out is there already" >&2; exit 1; }
. "$(dirname "$0")/../examples/setup.sh"

options=(-Dtests=enabled -Dvulkan=enabled)
if [ $cpu = no ] && ! grep -qs 'define THAW_CPU 0' "$THAW_BUILD/backends/shared/config.h"; then
  THAW_BUILD=$THAW_BUILD-no-cpu
  options+=(-Dcpu=false)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
programs=(examples/thaw/thaw tests/thaw_tests tests/benchmarks/benchmarks tests/benchmarks/benchmark_training)
fails() { tail -n 20 "$log" >&2; exit 1; }
[ -f "$THAW_BUILD/build.ninja" ] || meson setup "$THAW_BUILD" "$THAW_SOURCE" "${options[@]}" > "$log" 2>&1 || fails
if ! grep -q 'define THAW_VULKAN 1' "$THAW_BUILD/backends/shared/config.h"; then  # made where its packages were missing
  meson configure "$THAW_BUILD" "${options[@]}" > "$log" 2>&1 || fails
fi
ninja -C "$THAW_BUILD" "${programs[@]}" > "$log" 2>&1 || fails

mkdir -p "$out/bin" "$out/lib/compiler" "$out/source/tests"
for program in "${programs[@]}"; do
  cp "$THAW_BUILD/$program" "$out/bin/"
  cp "$THAW_SOURCE/tests/portable/start.sh" "$out/$(basename "$program")"
done
cp "$THAW_SOURCE"/tests/portable/{check.sh,torch_step.py} "$out/"
cp -r "${THAW_GOLDENS:-$THAW_SOURCE/tests/goldens}" "$out/source/tests/goldens"
folder=$(realpath "$out/source")
(cd "$THAW_SOURCE" && find tests/models tests/nn -type f ! -name '*.cpp' ! -name '*.h' ! -name '*.md' \
  ! -name meson.build -exec cp --parents -t "$folder" {} +)
chmod -R u+w "$out"
version=$("$out/bin/thaw" --version)
echo "$version $(git -C "$THAW_SOURCE" describe --always --dirty 2> /dev/null || true)" > "$out/version"

# Every library that a program loads, but for glibc's and the Vulkan loader, which belong to the machine.
ldd "$out"/bin/* | awk '$2 == "=>" && $3 ~ "^/" { print $3 } / => not found/ { print > "/dev/stderr"; exit 1 }' |
  sort -u | while read -r library; do
  case $(basename "$library") in
    ld-linux*.so.* | libc.so.* | libm.so.* | libmvec.so.* | libdl.so.* | librt.so.* | libpthread.so.* | \
      libresolv.so.* | libvulkan.so.*) ;;
    libstdc++.so.* | libgcc_s.so.*) cp -L "$library" "$out/lib/compiler/" ;;
    *) cp -L "$library" "$out/lib/" ;;
  esac
done
find "$out/bin" "$out/lib" -type f -exec strip --strip-unneeded {} +
glibc=$(find "$out/bin" "$out/lib" -type f -exec readelf --version-info {} + | grep -o 'GLIBC_2[.0-9]*' | sort -Vu |
  tail -n 1)
echo "$out: $(du -sm "$out" | cut -f 1) MB, for x86-64 with glibc ${glibc#GLIBC_} or newer and a Vulkan loader"
echo "there: $(basename "$out")/check.sh"
