#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No line of a script or a meson.build is longer than 120 columns, and every .h and .cpp is as clang-format 14 writes it
# (.clang-format says how): other versions write some lines in another way.
. "$(dirname "$0")/lib.bash"
cd "$source_dir"
folders=(tensor autograd nn backends models examples tests)
mapfile -t scripts < <(find "${folders[@]}" -name '*.sh' -o -name '*.bash' -o -name meson.build)
[ ${#scripts[@]} -gt 50 ] || die "only ${#scripts[@]} scripts were found"
scripts+=(.ci/run headers.sh meson.build meson_options.txt)
awk 'length > 120 { print FILENAME ":" FNR }' "${scripts[@]}" > "$scratch/long"
[ ! -s "$scratch/long" ] || die "longer than 120 columns: $(head -n 20 "$scratch/long" | tr '\n' ' ')"

command -v clang-format-14 > /dev/null || { echo "skipped: clang-format-14 is not installed"; exit 0; }
mapfile -t files < <(find "${folders[@]}" -name '*.h' -o -name '*.cpp')
[ ${#files[@]} -gt 100 ] || die "only ${#files[@]} files were found"
clang-format-14 --dry-run -Werror "${files[@]}" 2> "$scratch/log" ||
  die "write these with clang-format-14 -i: $(grep -oE '^[^:]+:[0-9]+' "$scratch/log" | head -n 20 | tr '\n' ' ')"
echo "formatted: ${#files[@]} files and ${#scripts[@]} scripts"
