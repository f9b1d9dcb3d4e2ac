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

Tensor weight_product(const char* op, const Variable& x, const Variable& w, const Variable& b, bool in_out,
                      UnaryOp activation, Tensor* pre_activation) {
  check_defined(op, "the input", x.value());
  check_defined(op, "the weight", w.value());
  check(w.value().rank() == 2 && x.value().rank() >= 1 && x.size(-1) == w.size(in_out ? 0 : 1),
        "{}: input {} does not fit weight {}", op, x.shape(), w.shape());
  Shape shape = x.shape();
  shape[-1] = w.size(in_out ? 1 : 0);
  const Tensor y =
      matmul(as_rows(x.value()), in_out ? w.value() : w.value().transpose(),
             {.bias = b.value(), .activation = activation, .pre_activation = pre_activation, .constant_b = !needed(w)});
  if (pre_activation) *pre_activation = pre_activation->reshape(shape);
  return y.reshape(shape);
}

Edge product_to_input(const Variable& x, const Variable& w, bool in_out) {
  return grad_to(x, [w = saved(w), in_out, frozen = !needed(w), shape = x.shape()](const Tensor& dz) {
    const Tensor& weight = w;
    return matmul(as_rows(dz.to(weight.dtype())), in_out ? weight.transpose() : weight, {.constant_b = frozen})
        .reshape(shape);
  });
}

Edge product_to_weight(const Variable& x, const Variable& w, bool in_out) {
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
