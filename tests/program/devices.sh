#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# thaw devices: a line a device that says what it is; kernels and their numbers only when asked for. --check: whether it
# computes what it should, kept for the next time, and what finetune says of a device that failed.
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

name=$(grep -oE '^(cpu|reference)' "$scratch/devices" | head -n 1)
[ "$("$thaw" devices "$name")" = "$(grep "^$name " "$scratch/devices" | sed 's/   */  /')" ] || die "devices $name"
expect 1 "device 'gpu' is not known; there are: " "$thaw" devices gpu
expect 1 "device '$name:7': there is only '$name'" "$thaw" devices "$name:7" --check
expect 2 "--again requires --check" "$thaw" devices --again
expect 0 "does it compute what it should" "$thaw" devices --help

export XDG_CACHE_HOME=$scratch/cache
check=("$thaw" devices "$name" --check)
expect 0 "$name  " "${check[@]}"
kept=$(ls "$scratch"/cache/thaw/check-*.json)
expect 0 " operations as the reference has them; checked on 20" "${check[@]}"
small_model
small_data "$scratch/train.tsv" 16 1
train=(--train-file "$scratch/train.tsv" --max-steps 1 --device "$name")
finetune_quietly "$scratch/run" "${train[@]}"
! grep -q "operations were wrong" "$scratch/log" || die "a warning of a device that is right: $(cat "$scratch/log")"

# As if the driver were faulty.
wrong='"wrong": [{"op": "gelu", "what": "value [2] at [1] is 2, not 1; by 1 at most"}]'
sed -i "s|\"wrong\": .*|$wrong|" "$kept"
expect 1 "1 of " "${check[@]}"
expect 1 "    gelu: value [2] at [1] is 2, not 1; by 1 at most" "${check[@]}"
expect 1 "thaw: $name: operations are wrong; do not trust what is trained there" "${check[@]}"
finetune_quietly "$scratch/run2" "${train[@]}"
warning="^warning: $name: 1 of [0-9]* operations were wrong with this driver on 20.* (gelu); "
[ "$(grep -c "$warning" "$scratch/log")" = 1 ] || die "no warning of a device that failed: $(cat "$scratch/log")"
"$thaw" lr-find --model "$scratch/model" "${train[@]}" --num-steps 10 > "$scratch/log" 2>&1 ||
  die "lr-find: $(cat "$scratch/log")"
[ "$(grep -c "$warning" "$scratch/log")" = 1 ] || die "lr-find: no warning of it: $(cat "$scratch/log")"
expect 0 " operations as the reference has them; in " "${check[@]}" --again
expect 0 " operations as the reference has them; checked on 20" "${check[@]}"

# What is kept is damaged, or cannot be kept: then it is checked.
echo '{"for": 1' > "$kept"
expect 0 " operations as the reference has them; in " "${check[@]}"
expect 0 "the result is not kept: " env XDG_CACHE_HOME="$kept" "${check[@]}"
expect 0 "; in " env -u XDG_CACHE_HOME -u HOME "${check[@]}"
echo "devices: what they are, more if asked, and whether they are right"
