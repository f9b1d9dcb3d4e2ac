#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every .h and .cpp is as clang-format 14 writes it (.clang-format says how): other versions write some lines in another way.
. "$(dirname "$0")/lib.bash"
command -v clang-format-14 > /dev/null || { echo "skipped: clang-format-14 is not installed"; exit 0; }
cd "$source_dir"
mapfile -t files < <(find tensor autograd nn backends models examples tests -name '*.h' -o -name '*.cpp')
[ ${#files[@]} -gt 100 ] || die "only ${#files[@]} files were found"
clang-format-14 --dry-run -Werror "${files[@]}" 2> "$scratch/log" || die "write these with clang-format-14 -i: $(grep -oE '^[^:]+:[0-9]+' "$scratch/log" | head -n 20 | tr '\n' ' ')"
echo "formatted: ${#files[@]} files"
