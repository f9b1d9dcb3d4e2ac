#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every header of the library compiles alone: those that a source file includes before all else are compiled so by the
# build, the others here, and not again until they or what they include change.
. "$(dirname "$0")/lib.bash"
cd "$source_dir"
compiled=${THAW_BUILD:-$source_dir/build}/headers_alone
mkdir -p "$compiled"
mapfile -t all < <(find tensor autograd nn models -name '*.h' | sort)
[ ${#all[@]} -gt 100 ] || die "only ${#all[@]} headers were found"
find tensor autograd nn models -name '*.cpp' -exec grep -hm1 '^#include' {} + |
  sed -n 's/^#include "\(.*\)"$/\1/p' | sort -u > "$scratch/first"
mapfile -t headers < <(printf '%s\n' "${all[@]}" | grep -vxFf "$scratch/first")
{
  echo "builddir = $compiled"
  echo "check = ${CXX:-g++} -std=c++20 -Wall -fsyntax-only"
  echo "rule alone"
  echo "  command = \$check -MD -MF \$out.d -MT \$out -I. -include \$in -x c++ /dev/null && touch \$out"
  echo "  depfile = \$out.d"
  echo "  deps = gcc"
  for header in "${headers[@]}"; do echo "build $compiled/${header//\//_}.ok: alone $header"; done
} > "$compiled/build.ninja"
ninja -k 0 -f "$compiled/build.ninja" > "$scratch/log" 2>&1 ||
  die "not alone: $(grep -E 'error|warning' "$scratch/log" | head -n 20)"
echo "compiled alone: ${#headers[@]} headers of ${#all[@]}"
