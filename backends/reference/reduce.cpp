// SPDX-License-Identifier: Apache-2.0
// Reductions over any axes, and argmax.
#include <limits>

#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"

namespace thaw {
namespace {

double start_of(ReduceOp op) {
  switch (op) {
    case ReduceOp::sum: return 0;
    case ReduceOp::max: return -std::numeric_limits<double>::infinity();
    case ReduceOp::min: return std::numeric_limits<double>::infinity();
  }
  return 0;
}

// NaN passes, as in the pointwise max and min.
double combined(ReduceOp op, double a, double b) {
  switch (op) {
    case ReduceOp::sum: return a + b;
    case ReduceOp::max: return a < b || b != b ? b : a;
    case ReduceOp::min: return b < a || b != b ? b : a;
  }
  return a;
}

}  // namespace

void ReferenceBackend::reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) {
  Shape reduced = in.shape;  // the sizes of the reduced axes, 1 elsewhere
  for (int axis = 0; axis < in.rank(); ++axis)
    if (out.shape[axis] == in.shape[axis]) reduced[axis] = 1;
  reference::with_float_type(out.dtype, [&](auto type) {
    using T = decltype(type);
    reference::for_each_element<2>(out.shape, {out.strides, in.strides}, [&](const auto& at) {
      T& to = out.as<T>()[at[0]];
      const T* from = in.as<T>() + at[1];
      double total = start_of(op);
      reference::for_each_element<1>(reduced, {in.strides}, [&](const auto& inner) {
        total = combined(op, total, static_cast<double>(from[inner[0]]));
      });
      to = static_cast<T>(scale * total + (accumulate ? static_cast<double>(to) : 0.0));
    });
  });
}

void ReferenceBackend::argmax(const View& out, const View& in) {
  reference::with_float_type(in.dtype, [&](auto type) {
    using T = decltype(type);
    const View out_rows = out.unsqueeze(-1);  // [..., 1]
    reference::for_each_row<2>(in.shape, {out_rows.strides, in.strides}, [&](const auto& at) {
      const T* row = in.as<T>() + at[1];
      int64_t best = 0;
      for (int64_t i = 1; i < in.shape[-1]; ++i)
        if (row[i * in.strides[-1]] > row[best * in.strides[-1]]) best = i;
      out.as<int32_t>()[at[0]] = static_cast<int32_t>(best);
    });
  });
}

}  // namespace thaw
