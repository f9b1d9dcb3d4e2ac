#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs every test. The last line is "N passed, N failed".
#   --no-install       install nothing
#   --device NAME      run on this device only (and the reference, which it is held to), with a report of every op:
#                      the conformance test of a new backend
#   --filter PATTERN   only the tests whose name matches (doctest's pattern, e.g. '*wordpiece*'); scripts by file name
set -u
usage() { sed -n '3,8s/^# \{0,1\}//p' "$0"; }
install=yes device= filter=
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --device) device=${2:?--device needs a name}; shift ;;
    --filter) filter=${2:?--filter needs a pattern}; shift ;;
    -h | --help) usage; exit 0 ;;
    *) echo "run.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
. "$(dirname "$0")/../examples/setup.sh"
cd "$THAW_SOURCE"
if [ $install = yes ]; then thaw_install build vulkan test data || exit 1; fi
thaw_build -Dtests=enabled || { echo "the build failed"; echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0

# One run of the test program; its case counts are added up. $1: what it is; the rest: its arguments.
run_cases() {
  local title=$1 log status
  shift
  log=$(mktemp)
  echo "== $title"
  "$THAW_BUILD/tests/thaw_tests" --no-skipped-summary "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  local counts
  counts=$(sed -n 's/^\[doctest\] test cases: *[0-9]* | *\([0-9]*\) passed | *\([0-9]*\) failed.*/\1 \2/p' "$log" |
    tail -n 1)
  rm -f "$log"
  if [ -z "$counts" ]; then
    echo "$title: ended with status $status before its summary"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
  if [ "$status" != 0 ] && [ "${counts#* }" = 0 ]; then failed=$((failed + 1)); fi
}

cases=()
[ -z "$filter" ] || cases=("--test-case=$filter")
if [ -n "$device" ]; then
  others=()
  for folder in tests/backends/*/; do
    [ "$folder" = "tests/backends/${device%%:*}/" ] || others+=("*$folder*")
  done
  cases+=("--source-file-exclude=$(IFS=,; echo "${others[*]}")")
  THAW_DEVICE=$device THAW_OP_REPORT=1 run_cases "all cases on $device" "${cases[@]}"
else
  run_cases "all cases" "${cases[@]}"
  # Where those had more goldens: with this tree's own, too, which are all that a clone has.
  if [ -d "$THAW_SOURCE/../shared/goldens" ] || [ -n "${THAW_GOLDENS:-}" ]; then
    sources=$(grep -rlE '#include "tests/(.*/)?golden' tests --include=*.cpp | sed 's/^/*/' | paste -sd,)
    THAW_GOLDENS=$THAW_SOURCE/tests/goldens \
      run_cases "this tree's own goldens" "--source-file=$sources" "--test-case=${filter:-*}"
  fi
  # The models' cases once more on the first Vulkan device, if there is one.
  if "$THAW_BUILD/examples/thaw/thaw" devices 2>/dev/null | grep '^vulkan' | grep -qv 'not usable: '; then
    THAW_DEVICE=vulkan THAW_VULKAN_VALIDATE=1 \
      run_cases "models on vulkan" "--test-case=${filter:-*golden*,*resume*,*freez*}"
  else
    echo "skipped: there is no Vulkan device"
  fi
  for script in "$THAW_SOURCE"/tests/program/*.sh; do
    name=$(basename "$script" .sh)
    # shellcheck disable=SC2254
    case $name in ${filter:-*}) ;; *) continue ;; esac
    echo "== $name"
    if THAW_BUILD=$THAW_BUILD bash "$script"; then passed=$((passed + 1)); else
      echo "failed: $name"
      failed=$((failed + 1))
    fi
  done
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
