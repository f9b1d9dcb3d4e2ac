// SPDX-License-Identifier: Apache-2.0
// Matrix products.
#include "autograd/functions.h"
#include "autograd/tape.h"
#include "autograd/weight_edges.h"

namespace thaw {
namespace {

// Batch axes of one matrix only: it is shared by all matrices of the other operand.
bool is_one_matrix(const Shape& shape) {
  for (int i = 0; i + 2 < shape.rank(); ++i)
    if (shape[i] != 1) return false;
  return true;
}

// y = act(z), z = x w^T + b, or x w + b of a weight stored [in, out].
Variable weight_linear(const char* op, const Variable& x, const Factor& w, const Variable& b, bool in_out,
                       UnaryOp activation) {
  const bool keep = reads_pre_activation(activation) && (needed(x) || needed(w.variable()) || needed(b));
  Tensor pre_activation;
  const Tensor y = weight_product(op, x, w, b, in_out, activation, keep ? &pre_activation : nullptr);
  const Variable z =
      record(op, y, {product_to_input(x, w, in_out), product_to_weight(x, w, in_out), product_to_bias(b)});
  return activation == UnaryOp::identity ? z : record_activation(z, y, activation, keep ? pre_activation : y);
}

}  // namespace

// y = factor a b: da = factor dy b^T, db = factor a^T dy; the gradient of a matrix shared by a batch sums over the
// batch.
Variable matmul(const Variable& a, const Variable& b, double factor) {
  const Tensor y = matmul(a.value(), b.value(), {.scale = factor});
  const bool shared_b = is_one_matrix(b.shape()) && a.value().rank() == y.rank();
  return record("matmul", y,
                {grad_to(a,
                         [b = saved(b), shape = a.shape(), factor](const Tensor& dy) {
                           return sum_to(matmul(dy.to(b.get().dtype()), b.get().transpose(), {.scale = factor}), shape);
                         }),
                 grad_to(b, [a = saved(a), shape = b.shape(), factor, shared_b](const Tensor& dy) {
                   const Tensor rounded = dy.to(a.get().dtype());
                   if (shared_b)
                     return matmul(as_rows(a).transpose(), as_rows(rounded), {.scale = factor}).reshape(shape);
                   return sum_to(matmul(a.get().transpose(), rounded, {.scale = factor}), shape);
                 })});
}

Variable linear(const Variable& x, const Variable& w, const Variable& b, UnaryOp activation) {
  return weight_linear("linear", x, w, b, false, activation);
}

Variable linear_in_out(const Variable& x, const Variable& w, const Variable& b, UnaryOp activation) {
  return weight_linear("linear_in_out", x, w, b, true, activation);
}

Variable linear(const Variable& x, const CompressedWeight& w, const Variable& b, UnaryOp activation) {
  return weight_linear("linear", x, w, b, false, activation);
}

Variable linear_in_out(const Variable& x, const CompressedWeight& w, const Variable& b, UnaryOp activation) {
  return weight_linear("linear_in_out", x, w, b, true, activation);
}

}  // namespace thaw
