// SPDX-License-Identifier: Apache-2.0
// A weight's gradient is a product of transposed views, added in place where there is a gradient already.
#include "autograd/weight_edges.h"

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

Tensor as_rows(const Tensor& x) {
  int64_t rows = 1;
  for (int i = 0; i + 1 < x.rank(); ++i) rows *= x.size(i);
  return x.reshape({rows, x.size(-1)});
}

void add_product(Tensor& grad, const Tensor& a, const Tensor& b, double factor) {
  if (grad.defined()) {
    matmul_add_(grad, a, b, factor);
  } else {
    grad = matmul(a, b, {.scale = factor});
  }
}

const Variable& Factor::variable() const {
  static const Variable none;
  return compressed_ ? none : *variable_;
}

Tensor weight_product(const char* op, const Variable& x, const Factor& w, const Variable& b, bool in_out,
                      UnaryOp activation, Tensor* pre_activation) {
  check_defined(op, "the input", x.value());
  check_defined(op, "the weight", w.stored());
  const Shape& weight_shape = w.stored().shape();
  check(weight_shape.rank() == 2 && x.value().rank() >= 1 && x.size(-1) == weight_shape[in_out ? 0 : 1],
        "{}: input {} does not fit weight {}", op, x.shape(), weight_shape);
  Shape shape = x.shape();
  shape[-1] = weight_shape[in_out ? 1 : 0];
  const Tensor whole = w.whole();
  const Tensor y = matmul(
      as_rows(x.value()), in_out ? whole : whole.transpose(),
      {.bias = b.value(), .activation = activation, .pre_activation = pre_activation, .constant_b = w.constant()});
  if (pre_activation) *pre_activation = pre_activation->reshape(shape);
  return y.reshape(shape);
}

namespace {

Tensor input_gradient(const Tensor& dz, const Tensor& w, bool in_out, bool constant, const Shape& shape) {
  return matmul(as_rows(dz.to(w.dtype())), in_out ? w.transpose() : w, {.constant_b = constant}).reshape(shape);
}

}  // namespace

Edge product_to_input(const Variable& x, const Factor& w, bool in_out) {
  if (const CompressedWeight* compressed = w.compressed())
    return grad_to(x, [w = *compressed, in_out, shape = x.shape()](const Tensor& dz) {
      return input_gradient(dz, w.expanded(), in_out, false, shape);
    });
  return grad_to(x, [w = saved(w.variable()), in_out, frozen = w.constant(), shape = x.shape()](const Tensor& dz) {
    return input_gradient(dz, w, in_out, frozen, shape);
  });
}

Edge product_to_weight(const Variable& x, const Factor& factor, bool in_out) {
  const Variable& w = factor.variable();
  if (!needed(w)) return {};
  if (in_out)
    return add_grad_to(w, [x = saved(x), rows = gradient_rows(w)](const Tensor& dz, Tensor& grad) {
      const Tensor columns = take_ranges(as_rows(x), 1, rows);
      add_product(grad, columns.transpose(), as_rows(dz).to(x.get().dtype()));
    });
  return add_grad_to(w, [x = saved(x), rows = gradient_rows(w)](const Tensor& dz, Tensor& grad) {
    const Tensor columns = take_ranges(as_rows(dz), 1, rows).to(x.get().dtype());
    add_product(grad, columns.transpose(), as_rows(x));
  });
}

Edge product_to_bias(const Variable& b) {
  return grad_to(b, [](const Tensor& dz) { return sum_rows(dz); });
}

Variable record_activation(const Variable& z, const Tensor& y, UnaryOp activation, const Tensor& pre_activation) {
  return record(name_of(activation), y,
                {grad_to(z, [activation, z = Saved(pre_activation, "linear")](const Tensor& dy) {
                  return unary_backward(activation, dy, z);
                })});
}

}  // namespace thaw
