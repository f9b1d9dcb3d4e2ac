#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The installed library, headers and pkg-config file are enough to build a program.
. "$(dirname "$0")/lib.bash"
[ -z "${THAW_SANITIZER:-}" ] || { echo "skipped: a program of a user does not link the $THAW_SANITIZER sanitizer"; exit 0; }
DESTDIR=$scratch/root meson install -C "${THAW_BUILD:-$source_dir/build}" --quiet --no-rebuild > "$scratch/log" 2>&1 || die "$(cat "$scratch/log")"
pc=$(find "$scratch/root" -name thaw.pc)
[ -n "$pc" ] || die "thaw.pc was not installed"
cat > "$scratch/sum.cpp" <<'CODE'
#include <autograd/functions.h>
#include <cstdio>
int main() {
  const thaw::Device device = thaw::Device::open("reference");
  const thaw::Variable x = thaw::Variable::leaf(thaw::Tensor::full({3}, 2, thaw::DType::f32, device));
  thaw::backward(thaw::sum_all(thaw::square(x)));
  std::printf("%g\n", static_cast<double>(thaw::sum_all(x.grad()).item()));
}
CODE
export PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$scratch/root
# The sysroot is for thaw alone: its dependencies are those of the system.
flags=$(pkg-config --cflags --libs thaw | sed "s#$scratch/root/usr/include##g; s#-I/usr/include ##g")
# shellcheck disable=SC2086
"${CXX:-g++}" -std=c++20 "$scratch/sum.cpp" -I"$(find "$scratch/root" -type d -path '*include/thaw')" $flags -L"$(dirname "$(dirname "$pc")")" -o "$scratch/sum" ||
  die "the program does not build"
[ "$("$scratch/sum")" = 12 ] || die "the program gives $("$scratch/sum") instead of 12"
echo "installed: a program builds and runs"
