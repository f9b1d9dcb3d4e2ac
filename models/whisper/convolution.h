// SPDX-License-Identifier: Apache-2.0
// Convolutions along time as products: what a kernel of 3 sees lies side by side in a row. B sequences, F rows that go
// in, T rows that come out, in all.
#pragma once

#include <cstdint>

#include "autograd/functions.h"
#include "nn/scope.h"

namespace thaw {

// Where the kernel stands in each sequence: at every row, or at every second one, ...; T = ceil(F / stride) of each.
struct ConvolvedRows {
  Segments segments;  // [B]: of what comes out
  Indices seen;       // [3 T]: the rows under the kernel; beyond either end of a sequence row F, zeros

  ConvolvedRows(const Segments& of, int64_t stride);
};

// y[t] = gelu(sum_k W_k x[stride t + k - 1] + b)
struct TimeConvolution {
  Parameter weight;  // [out, in, 3]; it has too many axes for a Linear, and so no rule puts an adapter on it
  Parameter bias;    // [out]

  TimeConvolution(const Scope& s, int64_t in, int64_t out, const Init& init);

  // [F, in] -> [T, out]
  Variable operator()(const Variable& x, const ConvolvedRows& rows) const;
};

}  // namespace thaw
