// SPDX-License-Identifier: Apache-2.0
// A tensor kept by a closure for the backward pass; it notices when its memory was overwritten in between.
#pragma once

#include "tensor/tensor.h"

namespace thaw {

class Saved {
 public:
  Saved() = default;
  Saved(Tensor tensor) : tensor_(std::move(tensor)), version_(tensor_.defined() ? tensor_.view().block->version : 0) {}  // NOLINT: implicit

  bool defined() const { return tensor_.defined(); }
  // Debug builds: std::logic_error if it was written to since.
  const Tensor& get() const {
#ifndef NDEBUG
    if (tensor_.defined() && tensor_.view().block->version != version_) overwritten();
#endif
    return tensor_;
  }
  operator const Tensor&() const { return get(); }

 private:
  [[noreturn]] void overwritten() const;
  Tensor tensor_;
  uint64_t version_ = 0;
};

// The value of x, to be captured by a closure: `[x = saved(x)]`.
class Variable;
Saved saved(const Variable& x);

}  // namespace thaw
