#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A library whose products are wrong changes nothing: they are found wrong before they are used, and THAW_PROFILE names
# them. Wrong here are the libraries of this machine, by a function of the same name that is loaded before them.
. "$(dirname "$0")/lib.bash"
"$thaw" devices | grep -q '^cpu ' || { echo "skipped: built without the cpu device"; exit 0; }
! grep -q __asan_init "$thaw" || { echo "skipped: the sanitizers want to be loaded first"; exit 0; }
small_model
for i in $(seq 40); do echo "word$((6 + i % 20)) word$((6 + i % 7)) word$((9 + i % 13))"; done > "$scratch/texts.txt"
export THAW_DEVICE=cpu
predict() { "$thaw" predict --model "$scratch/model" "$scratch/texts.txt"; }
wrong() { LD_PRELOAD=$scratch/wrong.so THAW_PROFILE=1 predict; }
# The same labels and texts, and probabilities that differ by rounding at most.
same() {
  paste <(tail -n +2 "$scratch/right") <(tail -n +2 "$scratch/got") | awk -F'\t' '
    $1 != $4 || $3 != $6 || ($2 - $5) ^ 2 > 4e-8 { bad = 1 }
    END { exit bad || NR != 40 }' || die "$1: other predictions"
}
predict > "$scratch/right" || die "predict"

# oneDNN: one number of each result is wrong.
cat > "$scratch/wrong.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
typedef struct { int arg; void* memory; } argument;
int dnnl_memory_get_data_handle(const void* memory, void** handle);
int dnnl_primitive_execute(const void* primitive, void* stream, int count, const argument* arguments) {
  int (*execute)(const void*, void*, int, const argument*) = dlsym(RTLD_NEXT, "dnnl_primitive_execute");
  const int status = execute(primitive, stream, count, arguments);
  for (int i = 0; i < count; ++i) {
    void* data = NULL;
    if (arguments[i].arg == 17 && dnnl_memory_get_data_handle(arguments[i].memory, &data) == 0) ((float*)data)[0] += 3;
  }
  return status;
}
C
cc -shared -fPIC -O1 -o "$scratch/wrong.so" "$scratch/wrong.c" -ldl || die "no C compiler"
wrong > "$scratch/got" 2> "$scratch/profile" || die "predict with a wrong oneDNN"
same "a wrong oneDNN"
grep -q 'not used, for it computes wrongly: oneDNN ' "$scratch/profile" || die "the profile does not name oneDNN"
grep -q '^matmul (OpenBLAS) ' "$scratch/profile" || die "OpenBLAS did not take over"

# OpenBLAS: nothing is computed at all.
cat > "$scratch/wrong.c" <<'C'
void cblas_sgemm(void) {}
C
cc -shared -fPIC -O1 -o "$scratch/wrong.so" "$scratch/wrong.c" || die "no C compiler"
THAW_GEMM=openblas wrong > "$scratch/got" 2> "$scratch/profile" || die "predict with a wrong OpenBLAS"
same "a wrong OpenBLAS"
grep -q 'not used, for it computes wrongly: OpenBLAS ' "$scratch/profile" || die "the profile does not name OpenBLAS"
grep -q '^matmul (oneDNN, ' "$scratch/profile" || die "oneDNN did not take over"

# Both.
cat > "$scratch/wrong.c" <<'C'
void cblas_sgemm(void) {}
int dnnl_primitive_execute(const void* primitive, void* stream, int count, const void* arguments) { return 0; }
C
cc -shared -fPIC -O1 -o "$scratch/wrong.so" "$scratch/wrong.c" || die "no C compiler"
wrong > "$scratch/got" 2> "$scratch/profile" || die "predict with both wrong"
same "both wrong"
grep -q '^matmul (own loops, row by row) ' "$scratch/profile" || die "the own loops did not take over"
echo "wrong libraries: found before they are used"
