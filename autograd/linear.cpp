// SPDX-License-Identifier: Apache-2.0
// Matrix products. A weight's gradient is a product of transposed views, added in place where there is a gradient
// already.
#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// [..., C] as [rows, C].
Tensor as_rows(const Tensor& x) {
  int64_t rows = 1;
  for (int i = 0; i + 1 < x.rank(); ++i) rows *= x.size(i);
  return x.reshape({rows, x.size(-1)});
}

// Batch axes of one matrix only: it is shared by all matrices of the other operand.
bool is_one_matrix(const Shape& shape) {
  for (int i = 0; i + 2 < shape.rank(); ++i)
    if (shape[i] != 1) return false;
  return true;
}

// grad (+)= factor * a b
void add_product(Tensor& grad, const Tensor& a, const Tensor& b, double factor = 1) {
  if (grad.defined()) {
    matmul_add_(grad, a, b, factor);
  } else {
    grad = matmul(a, b, {.scale = factor});
  }
}

// The epilogue of a product: y = act(z). For relu, y tells its slope as well as z does.
Variable record_activation(const Variable& z, const Tensor& y, UnaryOp activation, const Tensor& pre_activation) {
  return record(name_of(activation), y,
                {grad_to(z, [activation, z = Saved(pre_activation, "linear")](const Tensor& dy) {
                  return unary_backward(activation, dy, z);
                })});
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

// z = x w^T + b: dx = dz w, dw = dz^T x, db = sum_t dz. Of a weight trained by rows, only their columns of dz are
// multiplied.
Variable linear(const Variable& x, const Variable& w, const Variable& b, UnaryOp activation) {
  check_defined("linear", "the input", x.value());
  check_defined("linear", "the weight", w.value());
  const bool frozen = !needed(w);
  const bool activated = activation != UnaryOp::identity;
  const bool keep = activated && activation != UnaryOp::relu && (needed(x) || needed(w) || needed(b));
  Tensor pre_activation;
  const Tensor y = linear(x.value(), w.value(), b.value(), activation, keep ? &pre_activation : nullptr, frozen);
  const auto [row_begin, row_end] = gradient_rows(w);
  const Variable z =
      record("linear", y,
             {grad_to(x,
                      [w = saved(w), frozen](const Tensor& dz) {
                        const Tensor rounded = dz.to(w.get().dtype());
                        Shape shape = dz.shape();
                        shape[-1] = w.get().size(1);
                        return matmul(as_rows(rounded), w, {.constant_b = frozen}).reshape(shape);
                      }),
              add_grad_to(w,
                          [x = saved(x), begin = row_begin, end = row_end](const Tensor& dz, Tensor& grad) {
                            const Tensor columns = as_rows(dz).slice(1, begin, end).to(x.get().dtype());
                            add_product(grad, columns.transpose(), as_rows(x));
                          }),
              grad_to(b, [](const Tensor& dz) { return sum_rows(dz); })});
  return activated ? record_activation(z, y, activation, keep ? pre_activation : y) : z;
}

// z = x w + b: dx = dz w^T, dw = x^T dz, db = sum_t dz.
Variable linear_in_out(const Variable& x, const Variable& w, const Variable& b, UnaryOp activation) {
  check_defined("linear_in_out", "the input", x.value());
  check_defined("linear_in_out", "the weight", w.value());
  check(w.value().rank() == 2 && x.value().rank() >= 1 && x.size(-1) == w.size(0),
        "linear_in_out: input {} does not fit weight {}", x.shape(), w.shape());
  const bool frozen = !needed(w);
  const bool activated = activation != UnaryOp::identity;
  const bool keep = activated && activation != UnaryOp::relu && (needed(x) || needed(w) || needed(b));
  Shape shape = x.shape();
  shape[-1] = w.size(1);
  Tensor pre_activation;
  const Tensor y = matmul(as_rows(x.value()), w.value(),
                          {.bias = b.value(),
                           .activation = activation,
                           .pre_activation = keep ? &pre_activation : nullptr,
                           .constant_b = frozen})
                       .reshape(shape);
  if (keep) pre_activation = pre_activation.reshape(shape);
  const auto [row_begin, row_end] = gradient_rows(w);
  const Variable z =
      record("linear_in_out", y,
             {grad_to(x,
                      [w = saved(w), frozen, from = x.shape()](const Tensor& dz) {
                        const Tensor rounded = dz.to(w.get().dtype());
                        return matmul(as_rows(rounded), w.get().transpose(), {.constant_b = frozen}).reshape(from);
                      }),
              add_grad_to(w,
                          [x = saved(x), begin = row_begin, end = row_end](const Tensor& dz, Tensor& grad) {
                            const Tensor columns = as_rows(x).slice(1, begin, end);
                            add_product(grad, columns.transpose(), as_rows(dz).to(x.get().dtype()));
                          }),
              grad_to(b, [](const Tensor& dz) { return sum_rows(dz); })});
  return activated ? record_activation(z, y, activation, keep ? pre_activation : y) : z;
}

}  // namespace thaw
