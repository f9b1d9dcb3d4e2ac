// SPDX-License-Identifier: Apache-2.0
// What functions that multiply by a weight have in common: z = x w^T + b (or x w, where the weight is stored
// [in, out]), and the edges of its gradient, each of which keeps only what it reads.
#pragma once

#include "autograd/compressed_weight.h"
#include "autograd/tape.h"
#include "autograd/variable.h"
#include "tensor/ops.h"

namespace thaw {

// [..., C] as [rows, C].
Tensor as_rows(const Tensor& x);
// grad (+)= factor * a b
void add_product(Tensor& grad, const Tensor& a, const Tensor& b, double factor = 1);

// A weight as an argument: a variable, or a frozen matrix in fewer bytes. It outlives neither.
class Factor {
 public:
  Factor(const Variable& w) : variable_(&w) {}            // NOLINT: implicit, so that one function is for both
  Factor(const CompressedWeight& w) : compressed_(&w) {}  // NOLINT: implicit

  const Tensor& stored() const { return compressed_ ? compressed_->numbers : variable_->value(); }  // of its shape
  DType dtype() const { return compressed_ ? compressed_->dtype : variable_->dtype(); }             // as a factor
  Tensor whole() const { return compressed_ ? compressed_->expanded() : variable_->value(); }
  const CompressedWeight* compressed() const { return compressed_; }
  const Variable& variable() const;  // to which gradients flow: of a compressed one undefined
  // Backends may keep it packed: it is frozen, and there for longer than the product.
  bool constant() const { return !compressed_ && !needed(*variable_); }

 private:
  const Variable* variable_ = nullptr;
  const CompressedWeight* compressed_ = nullptr;
};

// act(x w^T + b); `op` is named where the shapes do not fit. A frozen weight may be kept packed.
Tensor weight_product(const char* op, const Variable& x, const Factor& w, const Variable& b, bool in_out,
                      UnaryOp activation = UnaryOp::identity, Tensor* pre_activation = nullptr);

// dx = dz w
Edge product_to_input(const Variable& x, const Factor& w, bool in_out);
// dw = dz^T x; of a weight trained by rows, only their columns of dz are multiplied: in one product, since to copy the
// columns of several ranges takes far less than it does.
Edge product_to_weight(const Variable& x, const Factor& w, bool in_out);
// db = sum_t dz
Edge product_to_bias(const Variable& b);

// Whether the gradient of `activation` reads more than its result: of relu, y tells the slope as well as z does.
inline bool reads_pre_activation(UnaryOp activation) {
  return activation != UnaryOp::identity && activation != UnaryOp::relu;
}
// y = act(z), computed already; z is a function's result that is kept nowhere else.
Variable record_activation(const Variable& z, const Tensor& y, UnaryOp activation, const Tensor& pre_activation);

}  // namespace thaw
