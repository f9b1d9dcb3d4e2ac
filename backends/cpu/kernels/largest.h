// SPDX-License-Identifier: Apache-2.0
// The largest number of a row, in vectors: without leave to reorder, not every compiler vectorises a maximum.
#pragma once

#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

// The largest of x and `start`; NaN is passed over.
[[maybe_unused]] inline float largest(const float* x, int64_t n, float start) {
  vec best[2] = {vec{} + start, vec{} + start};
  int64_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const vec a = load(x + i), b = load(x + i + lanes);
    best[0] = a > best[0] ? a : best[0];
    best[1] = b > best[1] ? b : best[1];
  }
  const vec both = best[1] > best[0] ? best[1] : best[0];
  float result = start;
  for (int k = 0; k < lanes; ++k) result = both[k] > result ? both[k] : result;
  for (; i < n; ++i) result = x[i] > result ? x[i] : result;
  return result;
}

}  // namespace
}  // namespace thaw::cpu::THAW_CPU_ISA
