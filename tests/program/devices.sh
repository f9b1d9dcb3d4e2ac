#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# thaw devices: a line a device that says what it is; kernels and their numbers only when asked for.
. "$(dirname "$0")/lib.bash"
"$thaw" devices > "$scratch/devices" || die "devices"
[ "$(grep -c '^reference  *slow and exact' "$scratch/devices")" = 1 ] || die "reference: $(cat "$scratch/devices")"
# Each line: a name, what it is, and either why it cannot be used or its types.
awk '!/^[a-z][a-z0-9_]*(:[0-9]+)?  +[^ ]/ || !/not usable: / && !/; f32, .*i32/ { bad = 1 } END { exit bad }' \
  "$scratch/devices" || die "lines that are no devices: $(cat "$scratch/devices")"
! grep -E '_[a-z]+=|products|oneDNN|loops for|subgroups' "$scratch/devices" || die "numbers that nobody asked for"
if grep -q '^cpu ' "$scratch/devices"; then
  expect 1 "THAW_THREADS=999999999: a number of threads from 1 to 1024 was expected" \
    env THAW_THREADS=999999999 "$thaw" devices
  THAW_THREADS=3 "$thaw" devices > "$scratch/three" || die "devices with 3 threads"
  holds "$scratch/three" '^cpu .*, 3 threads, [0-9.][0-9.]* GB; f32, bf16, f16, i32, u8$' "cpu"
fi

"$thaw" devices --verbose > "$scratch/verbose" || die "devices --verbose"
grep -v '^ ' "$scratch/verbose" | cmp -s - "$scratch/devices" || die "--verbose says something else of a device"
! grep -q '^cpu ' "$scratch/devices" ||
  holds "$scratch/verbose" '^   *loops for .*; products by oneDNN .*, OpenBLAS' "--verbose: cpu"
if grep '^vulkan:' "$scratch/devices" | grep -qv 'not usable: '; then
  holds "$scratch/verbose" '^  *products: ' "--verbose: vulkan"
  holds "$scratch/verbose" '^  .*pointwise_workgroup=' "--verbose: vulkan"
fi
awk 'length > 160 { bad = 1 } END { exit bad }' "$scratch/verbose" || die "long lines"
expect 2 "" "$thaw" devices --loud
echo "devices: what they are, and more if asked"
