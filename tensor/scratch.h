// SPDX-License-Identifier: Apache-2.0
// The workspace of a default body (backend*.cpp): temporaries that live as long as it does, and one-line calls of the
// backend's primitive functions.
#pragma once

#include <span>
#include <vector>

#include "tensor/backend.h"

namespace thaw {

class Scratch {
 public:
  // Temporaries have the dtype of the views that the fused function was given: f32 or f64.
  Scratch(Backend& backend, DType dtype) : backend_(backend), dtype_(dtype) {}
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  View empty(const Shape& shape) { return empty(shape, dtype_); }
  View number(double value);                                         // [], for broadcasting: of the workspace's type
  View numbers(std::span<const double> values, const Shape& shape);  // from the host
  View indices(std::span<const int32_t> values);                     // i32 [n], from the host
  View cast(const View& x);                                          // contiguous, of the workspace's dtype

  View unary(UnaryOp op, const View& x);
  View binary(BinaryOp op, const View& a, const View& b);           // broadcasts
  View where(const View& condition, const View& a, const View& b);  // broadcasts
  View reduce(ReduceOp op, const View& x, int axis);                // keeps the axis, with size 1
  View mean(const View& x, int axis);
  View matmul(const View& a, const View& b, double scale = 1);            // [..., M, K] [..., K, N], equal batch axes
  View dropout(const View& x, const View& kept, const Dropout& dropout);  // x * factor where kept is 1, else 0

 private:
  View empty(const Shape& shape, DType dtype);

  Backend& backend_;
  DType dtype_;
  std::vector<Block*> blocks_;
};

}  // namespace thaw
