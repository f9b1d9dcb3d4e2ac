#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The installed library, headers and pkg-config file are enough to build the example of README.md, with g++ and clang,
# and the example works.
. "$(dirname "$0")/lib.bash"
if [ -n "${THAW_SANITIZER:-}" ]; then
  echo "skipped: a program of a user does not link the $THAW_SANITIZER sanitizer"
  exit 0
fi
example=examples/library/train_head.cpp
DESTDIR=$scratch/root meson install -C "${THAW_BUILD:-$source_dir/build}" --quiet --no-rebuild > "$scratch/log" 2>&1 ||
  die "$(cat "$scratch/log")"
pc=$(find "$scratch/root" -name thaw.pc)
[ -n "$pc" ] || die "thaw.pc was not installed"
prefix=$scratch/root$(sed -n 's/^prefix=//p' "$pc")
sed -i "s|^prefix=.*|prefix=$prefix|" "$pc"  # as if it had been installed there
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH LD_LIBRARY_PATH=$prefix/lib:$(dirname "$PKG_CONFIG_PATH")

# README.md shows the example as it is, but for the licence.
awk '/^```cpp/ { shown = "" }
  /^```$/ { if (shown ~ /int main/) printf "%s", shown; shown = "" }
  !/^```/ { shown = shown $0 "\n" }' "$source_dir/README.md" > "$scratch/shown.cpp"
tail -n +2 "$source_dir/$example" | diff - "$scratch/shown.cpp" || die "README.md shows another $example"

# What is private stays at home, and one header needs no include path but the one that has thaw/.
[ ! -e "$prefix/include/thaw/tensor/scratch.h" ] || die "a private header was installed"
echo '#include <thaw/nn/linear.h>' > "$scratch/one.cpp"
"${CXX:-g++}" -std=c++20 -fsyntax-only -I"$prefix/include" "$scratch/one.cpp" || die "a header is not enough by itself"

# A model whose vocabulary has the words of the example.
small_model
grep -o '"[a-z ]*"' "$source_dir/$example" | tr -d '"' | tr ' ' '\n' | sort -u | grep . > "$scratch/words"
{ head -n 5 "$scratch/model/vocab.txt"; cat "$scratch/words"; } > "$scratch/vocab.txt"
tail -n +"$(($(wc -l < "$scratch/vocab.txt") + 1))" "$scratch/model/vocab.txt" >> "$scratch/vocab.txt"
mv "$scratch/vocab.txt" "$scratch/model/vocab.txt"

built=
for compiler in "${CXX:-g++}" g++ clang++; do
  command -v "${compiler##* }" > /dev/null || continue
  case " $built " in *" $compiler "*) continue ;; esac
  # shellcheck disable=SC2046,SC2086
  $compiler "$source_dir/$example" $(pkg-config --cflags --libs thaw) -o "$scratch/train_head" ||
    die "the example does not build with $compiler"
  "$scratch/train_head" "$scratch/model" > "$scratch/out" || die "the example built with $compiler failed"
  awk '/loss/ { if (!first) first = $NF; last = $NF } /weather$/ { share[++n] = $(NF - 1) }
    END { exit !(last < first / 4 && n == 2 && share[1] > 0.5 && share[2] < 0.5) }' "$scratch/out" ||
    die "the example built with $compiler learnt nothing: $(cat "$scratch/out")"
  built+=" $compiler"
done
expect 1 "vocab.txt" "$scratch/train_head" "$scratch"
echo "installed: the example builds with$built, learns and predicts"
