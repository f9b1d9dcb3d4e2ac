// SPDX-License-Identifier: Apache-2.0
// Variable = Tensor + node. No node: nothing below needs a gradient, and nothing is recorded or kept for it.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tensor/row_ranges.h"
#include "tensor/tensor.h"

namespace thaw {

struct Node;

class Variable {
 public:
  Variable() = default;  // undefined: stands for "no bias", "no residual"; to ask it for its shape is an error
  // A constant: never has a gradient.
  Variable(Tensor value) : value_(std::move(value)) {}  // NOLINT: implicit on purpose, data enters a model so

  // A leaf: backward() accumulates its gradient. With `rows` only those (of axis 0) are trained, and the gradient has
  // only those, side by side.
  static Variable leaf(Tensor value, std::string name = {}, RowRanges rows = {});

  bool defined() const { return value_.defined(); }
  const Tensor& value() const { return value_; }
  const Shape& shape() const { return value_.shape(); }
  int64_t size(int axis) const { return value_.size(axis); }
  int rank() const { return value_.rank(); }
  int64_t numel() const { return value_.numel(); }
  DType dtype() const { return value_.dtype(); }
  Device device() const { return value_.device(); }
  // The one number of a variable of one number (a loss). Waits.
  template <typename T = float>
  T item() const {
    return value_.item<T>();
  }
  // True if a gradient flows to it: it is a leaf, or was computed from one.
  bool tracked() const { return node_ != nullptr; }
  const std::shared_ptr<Node>& node() const { return node_; }
  // The same value, cut off from the graph.
  Variable detach() const { return Variable(value_); }

  // Leaves only: the accumulated gradient (undefined before the first backward) and its reset.
  Tensor grad() const;
  void clear_grad() const;
  // Leaves only: 1 or 0 for each number of the value; backward() multiplies it into the gradient when that is complete.
  // Undefined: none.
  void set_grad_mask(const Tensor& mask) const;

  Variable(Tensor value, std::shared_ptr<Node> node) : value_(std::move(value)), node_(std::move(node)) {}

 private:
  Tensor value_;
  std::shared_ptr<Node> node_;
};

// Runs backward from `loss` (one number; its gradient is `seed`): walks nodes by descending birth number, frees each
// closure right after its use, accumulates into leaves in place. A graph can be walked once; a second walk is an error.
void backward(const Variable& loss, double seed = 1);
// The same from several outputs with given gradients of their shapes (undefined gradients and untracked outputs are
// skipped).
void backward(std::span<const Variable> outputs, std::span<const Tensor> gradients);

// While one lives, nothing is recorded by its thread (evaluation). Guards nest.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool before_;
};
bool grad_enabled();

inline std::ostream& operator<<(std::ostream& out, const Variable& variable) { return out << variable.value(); }

}  // namespace thaw

// As its value.
template <>
struct fmt::formatter<thaw::Variable> : fmt::formatter<thaw::Tensor> {
  template <typename Context>
  auto format(const thaw::Variable& variable, Context& context) const {
    return fmt::formatter<thaw::Tensor>::format(variable.value(), context);
  }
};
