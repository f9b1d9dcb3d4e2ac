#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does thaw work on this machine's GPU, and how fast? Tests, kernels' rates and training steps on each Vulkan device,
# the steps beside PyTorch's where `python3 -c 'import torch'` works. Prints a summary; all of it goes into a JSON file.
#   --output FILE        that file, thaw-check.json if not given
#   --device NAME        this device (of `thaw devices`) instead of every Vulkan device
#   --quick              few tests and small sizes: what devices that are software get anyway
# Less of it, to look at one thing:
#   --tests PATTERN      only tests whose name matches, such as 'op gelu*'; commas between several
#   --benchmarks PART    only kernels with this in their name
#   --shapes NAMES       of minilm,bert-base
set -u
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
output=thaw-check.json device= quick=no tests= benchmarks= shapes=minilm,bert-base
usage() { sed -n '3,11s/^# \{0,1\}//p' "$0"; }
while [ $# -gt 0 ]; do
  case $1 in
    --output | --device | --tests | --benchmarks | --shapes)
      [ -n "${2:-}" ] || { echo "check.sh: $1 needs a value" >&2; exit 2; }
      printf -v "${1#--}" %s "$2"
      shift ;;
    --quick) quick=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "check.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
for shape in ${shapes//,/ }; do
  case $shape in
    minilm | bert-base) ;;
    *) echo "check.sh: --shapes: '$shape' is not minilm or bert-base" >&2; exit 2 ;;
  esac
done
touch "$output" || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/cache  # compiled pipelines too: nothing stays
faults=0

# A JSON string; list: its lines, with commas between.
quoted() { printf '"%s"' "$(printf %s "$1" | LC_ALL=C tr '\000-\037' ' ' | sed 's/[\\"]/\\&/g')"; }
list() { printf '['; sed '$!s/$/,/' "$1"; printf ']'; }

# Why a program ended with this status, from its output.
reason() {
  case $1 in
    124) echo "not done after $limit s" ;;
    1) tail -n 1 "$2" ;;
    *) echo "ended with status $1: $(grep -a . "$2" | tail -n 1)" ;;
  esac
}

# Tests on device $1, a JSON object on the standard output.
conformance() {
  local log=$scratch/tests.log status begin=$SECONDS counts
  THAW_DEVICE=$1 THAW_OP_REPORT=1 timeout $limit "$here/thaw_tests" --no-skipped-summary "${cases[@]}" > "$log" 2>&1
  status=$?
  seconds=$((SECONDS - begin))
  counts=$(sed -n 's/^\[doctest\] test cases: *[0-9]* | *\([0-9]*\) passed | *\([0-9]*\) failed.*/\1 \2/p' "$log" |
    tail -n 1)
  passed=${counts% *} failed=${counts#* }
  ops=$(sed -n 's/^ops: //p' "$log")
  awk '/^(primitive functions|composed of them, or fused):$/ { report = 1; next }
    /^ops: / { report = 0 }
    report && match($0, / +(passed$|failed [0-9]+ times; |skipped: |default body of )/) {
      name = substr($0, 4, RSTART - 4); verdict = substr($0, RSTART); sub(/^ +/, "", verdict)
      gsub(/[\\"]/, "\\\\&", name); gsub(/[\\"]/, "\\\\&", verdict)
      printf "{\"op\": \"%s\", \"result\": \"%s\"}\n", name, verdict
    }' "$log" > "$scratch/ops"
  awk '/^TEST CASE:/ { sub(/^TEST CASE: */, ""); name = $0 }
    / ERROR: / && name != said { said = name; gsub(/[\\"]/, "\\\\&", name); print "\"" name "\"" }' "$log" |
    LC_ALL=C tr '\000-\011\013-\037' ' ' > "$scratch/failed"
  printf '{"tests": %s, "passed": %s, "failed": %s, "seconds": %s, "goldens_missing": %s,\n' \
    "$(quoted "${tests:-$which}")" "${passed:-0}" "${failed:-1}" "$seconds" "$(grep -c 'skipped: golden' "$log")"
  if [ -z "$counts" ]; then printf '"error": %s,\n' "$(quoted "$(reason $status "$log")")"; fi
  printf '"failed_tests": %s,\n"ops": %s}' "$(list "$scratch/failed")" "$(list "$scratch/ops")"
  [ -n "$counts" ] && [ $status = 0 ]
}

# Rates of kernels on device $1, a JSON object on the standard output.
rates() {
  local log=$scratch/rates.log status
  timeout $limit "$here/benchmarks" "$1" "${parts[@]}" > "$log" 2>&1
  status=$?
  awk '{ name = substr($0, 1, 44); rest = substr($0, 45); sub(/ +$/, "", name); n = split(rest, field, " ") }
    n >= 3 && field[2] ~ /^G(FLOP|B)\/s$/ {
      printf "{\"kernel\": \"%s\", \"rate\": %s, \"unit\": \"%s\"", name, field[1], field[2]
      if (field[4] == field[2]) printf ", \"of_limit\": %s, \"cpu_rate\": %s}\n", field[5], field[3]
      else printf ", \"of_limit\": %s}\n", field[3]
    }' "$log" > "$scratch/rates"
  [ $status = 0 ] || { printf '{"error": %s}' "$(quoted "$(reason $status "$log")")"; return 1; }
  kernels=$(grep -c . "$scratch/rates")
  printf '{"limits": %s,\n"kernels": %s}' "$(quoted "$(sed -n 's/^limits measured: //p' "$log")")" \
    "$(list "$scratch/rates")"
}

# The numbers of a line of benchmark_training or torch_step.py as members of a JSON object.
step_numbers() {
  sed -n 's/.*step min \([0-9.]*\) s, median \([0-9.]*\) s.*; \([0-9]*\) tokens\/s; .*of tensors \([0-9]*\) MB.*/'`
    `'"step_seconds": \2, "least_seconds": \1, "tokens_per_second": \3, "tensors_megabytes": \4/p' "$1"
}

# A training step on device $1 of shape $2 in type $3, a JSON object on the standard output, its summary on number 3.
training() {
  local log=$scratch/step.log status numbers other=
  timeout $limit "$here/benchmark_training" --device "$1" --shape "$2" --type "$3" --texts $texts --tokens $tokens \
    --steps $steps > "$log" 2>&1
  status=$?
  numbers=$(step_numbers "$log")
  printf '{"model": "%s", "type": "%s", "texts": %s, "tokens": %s, ' "$2" "$3" $texts $tokens
  if [ $status = 0 ]; then
    printf %s "$numbers"
    summary=$(sed -n 's/.*median \([0-9.]* s\).*; \([0-9]* tokens\/s\);.*/\1, \2/p' "$log")
  elif [ $status = 1 ] && [ "$3" != f32 ] && tail -n 1 "$log" | grep -qE 'computes in f32|does not hold'; then
    printf '"not_available": %s' "$(quoted "$(reason $status "$log")")"
    summary="not available"
  else
    printf '"error": %s' "$(quoted "$(reason $status "$log")")"
    summary="failed: $(reason $status "$log")"
    status=fault
  fi
  if [ -n "$torch" ]; then
    if timeout $limit python3 "$here/torch_step.py" "$2" "$3" $texts $tokens $steps > "$log" 2>&1; then
      printf ', "pytorch": {%s}' "$(step_numbers "$log")"
      other=$(sed -n 's/.*median \([0-9.]* s\).*/\1/p' "$log")
    else
      printf ', "pytorch": {"error": %s}' "$(quoted "$(tail -n 1 "$log")")"
      other=failed
    fi
  fi
  printf '}'
  printf '  %-13s %s\n' "$2 $3" "$summary${other:+; PyTorch $other}" >&3
  [ "$status" != fault ]
}

# All of device $1, described by $2.
check_device() {
  local name=$1 file=$scratch/device.json sizes=full shape type
  local limit=7200 texts=16 tokens=128 steps=10 which="all but those of other devices and of the source tree"
  local apart="*tests/layering.cpp,*tests/includes.cpp,*tests/headers.cpp,*tests/type_names.cpp" other parts=()
  for other in cpu dry reference vulkan; do
    [ $other = "${name%%:*}" ] || apart+=",*tests/backends/$other/*"
  done
  local cases=("--source-file-exclude=$apart")
  case $quick,$2 in
    yes,* | *"software on the processor"* | *,"slow and exact"*)
      sizes="reduced: op table and goldens only, training steps of 2 texts of 32 tokens"
      which='op *,*golden*' texts=2 tokens=32 steps=1
      parts=(matmul attention norm add gelu dropout softmax sum copy cross AdamW) ;;
  esac
  [ -z "$benchmarks" ] || parts=("$benchmarks")
  case ${tests:-$which} in all*) ;; *) cases+=("--test-case=${tests:-$which}") ;; esac
  echo "$name  $2"
  [ "$sizes" = full ] || echo "  $sizes"
  {
    printf '{"name": %s, "description": %s, "sizes": %s,\n"conformance": ' "$(quoted "$name")" "$(quoted "$2")" \
      "$(quoted "$sizes")"
    conformance "$name"
    echo $? > "$scratch/status"
    echo "  tests         ${passed:-0} passed, ${failed:-1} failed, in $seconds s; ops: ${ops:-none}" >&3
    printf ',\n"benchmarks": '
    kernels=0
    rates "$name" || echo 1 >> "$scratch/status"
    echo "  benchmarks    rates of $kernels kernels" >&3
    printf ',\n"training": [\n'
    for shape in ${shapes//,/ }; do
      for type in f32 bf16 f16; do
        training "$name" "$shape" $type || echo 1 >> "$scratch/status"
        [ "$shape $type" = "${shapes##*,} f16" ] || echo ,
      done
    done
    printf ']}'
  } 3>&1 > "$file"
  faults=$((faults + $(grep -vc '^0$' "$scratch/status")))
  [ ! -s "$scratch/devices.json" ] || echo , >> "$scratch/devices.json"
  cat "$file" >> "$scratch/devices.json"
}

# On the machine, and on PyTorch.
torch=$(python3 "$here/torch_step.py" 2> /dev/null) || torch=
operating_system=$(. /etc/os-release 2> /dev/null && echo "${PRETTY_NAME:-}")
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
echo "$operating_system, $(nproc) x $processor; ${torch:-no PyTorch to compare with}"
"$here/thaw" devices > "$scratch/devices" || exit 1
grep '^vulkan' "$scratch/devices" | grep 'not usable: '
: > "$scratch/devices.json"
chosen=$(awk -v one="$device" '(one == "" ? /^vulkan/ && !/not usable: / : $1 == one) { print $1 }' "$scratch/devices")
for name in $chosen; do
  check_device "$name" "$(sed -n "s/^$name  *//p" "$scratch/devices")"
done
{
  printf '{"thaw": %s, "date": %s, "seconds": %s,\n' "$(quoted "$(cat "$here/version")")" \
    "$(quoted "$(date -u +%Y-%m-%dT%H:%M:%SZ)")" $SECONDS
  printf '"machine": {"system": %s, "kernel": %s, "glibc": %s, ' "$(quoted "$operating_system")" \
    "$(quoted "$(uname -r)")" "$(quoted "$(getconf GNU_LIBC_VERSION)")"
  printf '"processor": %s, "threads": %s, "memory_kilobytes": %s},\n' "$(quoted "$processor")" "$(nproc)" \
    "${memory:-0}"
  printf '"pytorch": %s,\n"listed": %s,\n"devices": [\n' "$([ -n "$torch" ] && quoted "$torch" || echo null)" \
    "$(quoted "$(paste -sd ';' "$scratch/devices")")"
  cat "$scratch/devices.json"
  printf ']}\n'
} > "$output" || exit 1
echo "all of it is in $output"
[ -n "$chosen" ] || { echo "no ${device:-Vulkan} device was found" >&2; exit 1; }
[ $faults = 0 ] || { echo "$faults parts failed" >&2; exit 1; }
