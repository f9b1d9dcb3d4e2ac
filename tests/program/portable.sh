#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tests/portable.sh: what it packs runs without the build's libraries and from another place; check.sh says what passed,
# what failed and what crashed.
. "$(dirname "$0")/lib.bash"
if [ -n "${THAW_SANITIZER:-}" ]; then
  echo "skipped: a sanitizer's libraries are not for other machines"
  exit 0
fi
pack=$source_dir/tests/portable.sh
expect 2 "usage: portable.sh OUT" bash "$pack"
expect 2 "unknown option --cpu" bash "$pack" "$scratch/packed" --cpu
expect 2 "one folder was expected, not '$scratch/packed' and 'b'" bash "$pack" "$scratch/packed" b
expect 1 "$scratch is there already" bash "$pack" "$scratch"
[ ! -e "$scratch/packed" ] || die "a folder was made by bad usage"
"$thaw" devices | grep '^vulkan' | grep -qv 'not usable: ' || { echo "skipped: there is no Vulkan device"; exit 0; }

bash "$pack" "$scratch/packed" > "$scratch/log" || die "portable.sh"
holds "$scratch/log" 'packed: [0-9][0-9]* MB, for x86-64 with glibc 2\.[0-9]* or newer and a Vulkan loader$' "its size"
moved=$scratch/"another place"
mv "$scratch/packed" "$moved"

# Of this machine, glibc and the Vulkan loader alone.
LD_LIBRARY_PATH=$moved/lib:$moved/lib/compiler ldd "$moved"/bin/* | grep ' => ' | grep -v -- "=> $moved/lib/" |
  grep -vE '^\s*(libc|libm|libmvec|libdl|librt|libpthread|libresolv|libvulkan)\.so' && die "libraries are not packed"
check() { env -i PATH=/usr/bin:/bin "$moved/check.sh" --output "$scratch/check.json" "$@"; }
expect 2 "unknown option --fast" check --fast
expect 2 "--device needs a value" check --device
expect 2 "'bert' is not minilm or bert-base" check --shapes bert
expect 1 "no cpu:1 device was found" check --device cpu:1

name=$("$thaw" devices | awk '/^vulkan/ && !/not usable: / { print $1; exit }')
quick=(--quick --device "$name" --benchmarks 'gelu 512' --shapes minilm --tests)
check "${quick[@]}" 'op gelu*,wordpiece*' > "$scratch/summary" || die "check.sh: $(cat "$scratch/summary")"
python3 -m json.tool "$scratch/check.json" > "$scratch/pretty" || die "not JSON: $(cat "$scratch/check.json")"
for text in "\"name\": \"$name\"" '"sizes": "reduced: ' '"failed": 0,' '"op": "gelu_tanh"' '"kernel": "gelu 512x768"' \
  '"rate": [0-9.]*[1-9]' '"step_seconds": [0-9.]*[1-9]' '"type": "f32"' '"not_available": ".* computes in f32'; do
  holds "$scratch/pretty" "$text" "check.sh"
done
for text in "^$name  " '^  tests  *[1-9][0-9]* passed, 0 failed, .*; ops: 4 passed, '  \
  '^  benchmarks  *rates of [12] k' '^  minilm f32  *[0-9.]* s, [0-9]* tokens/s' '^  minilm bf16  *not available'; do
  holds "$scratch/summary" "$text" "check.sh"
done

# The packed goldens and cases are what its tests read, and all that they need.
unset THAW_GOLDENS
THAW_DEVICE=reference "$moved/thaw_tests" \
  --source-file='*tests/models/tasks/*,*tests/models/text/*,*tests/models/metrics/*' > "$scratch/log" 2>&1 ||
  die "a packed test failed: $(cat "$scratch/log")"
rm -r "$moved/source"
! "$moved/thaw_tests" --test-case='wordpiece*' > "$scratch/log" 2>&1 || die "tests read what is not packed"

# A device that computes wrong numbers, then a driver that crashes, then one that refuses to run.
stand_in() { printf '#!/bin/sh\ncat << "END"\n%s\nEND\n%s\n' "$1" "$2" > "$moved/bin/thaw_tests"; }
for program in benchmarks benchmark_training; do
  printf '#!/bin/sh\necho lost the device\nexit 1\n' > "$moved/bin/$program"
done
stand_in 'TEST CASE:  op gelu: devices
tests/ops/compare.cpp:56: ERROR: CHECK( ok ) is NOT correct!
primitive functions:
op gelu                                 failed 2 times; vulkan:0: "value" at [1] is 2, not 1
op attention over slices of one projection passed
op matmul in bf16                       skipped: vulkan:0 does not hold bf16
composed of them, or fused:
op dropout                              default body of dropout
ops: 1 passed, 1 passed by a default body, 1 skipped, 1 failed
[doctest] test cases: 9 | 8 passed | 1 failed | 0 skipped' 'exit 1'
expect 1 "8 passed, 1 failed" check "${quick[@]}" x
python3 -m json.tool "$scratch/check.json" > "$scratch/pretty" || die "not JSON: $(cat "$scratch/check.json")"
for text in '"op gelu: devices"' '"result": "failed 2 times; vulkan:0: \\"value\\" at \[1\] is 2, not 1"' \
  '"op": "attention over slices of one projection"' '"result": "skipped: vulkan:0 does not hold bf16"' \
  '"result": "default body of dropout"' '"error": "lost the device"'; do
  holds "$scratch/pretty" "$text" "faults in check.sh's file"
done
stand_in 'TEST CASE:  op gelu: devices
  test case CRASHED: SIGSEGV - Segmentation violation signal' 'exit 139'
expect 1 "5 parts failed" check "${quick[@]}" x
holds "$scratch/check.json" '"error": "ended with status 139:   *test case CRASHED: SIGSEGV' "a crash in the file"
echo "portable: packed, moved, checked; faults are told"
