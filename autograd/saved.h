// SPDX-License-Identifier: Apache-2.0
// A tensor kept by a closure for the backward pass; it notices when its memory was overwritten in between.
#pragma once

#include <memory>
#include <string>

#include "tensor/tensor.h"

namespace thaw {

class Variable;

class Saved {
 public:
  Saved() = default;
  Saved(Tensor tensor, const char* op = "a tensor", std::shared_ptr<const std::string> name = {})  // NOLINT: implicit
      : tensor_(std::move(tensor)),
        version_(tensor_.defined() ? tensor_.view().block->version : 0),
        op_(op),
        name_(std::move(name)) {}

  bool defined() const { return tensor_.defined(); }
  // Debug builds: std::logic_error if it was written to since; it names the parameter, or the function that made it.
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
  const char* op_ = "";
  std::shared_ptr<const std::string> name_;  // leaves
};

// The value of x, to be captured by a closure: `[x = saved(x)]`.
Saved saved(const Variable& x);

}  // namespace thaw
