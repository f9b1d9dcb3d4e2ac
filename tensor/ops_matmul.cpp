// SPDX-License-Identifier: Apache-2.0
// Matrix products.
#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// Shape of the batch axes (all but the last two).
Shape batch_of(const Tensor& t) {
  return Shape(std::span<const int64_t>(t.shape().begin(), static_cast<size_t>(t.rank() - 2)));
}

double product_flops(const Tensor& out, int64_t k) {
  return 2.0 * static_cast<double>(out.numel()) * static_cast<double>(k);
}

bool product_type(DType t) { return is_floating(t); }

void check_product(const char* function, const Tensor& a, const Tensor& b) {
  check_defined(function, "the first factor", a);
  check_defined(function, "the second factor", b);
  check(a.rank() >= 2 && b.rank() >= 2 && a.size(-1) == b.size(-2), "matmul: {} times {}", a.shape(), b.shape());
  check(a.dtype() == b.dtype() && product_type(a.dtype()), "matmul: {} times {}", name_of(a.dtype()),
        name_of(b.dtype()));
  check(a.device() == b.device(), "matmul: the inputs are on {} and {}", a.device().name(), b.device().name());
}

// The batch axes of `t` broadcast to those of `out`.
View broadcast_batch(const Tensor& t, const Shape& batch) {
  Shape shape = batch;
  shape = shape.with(shape.rank(), t.size(-2));
  shape = shape.with(shape.rank(), t.size(-1));
  return t.expand(shape).view();
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, const Matmul& options) {
  check_product("matmul", a, b);
  const int64_t n = b.size(-1);
  const Shape batch = broadcast_shape(batch_of(a), batch_of(b));
  Shape shape = batch.with(batch.rank(), a.size(-2));
  shape = shape.with(shape.rank(), n);
  const DType result_type = a.dtype() == DType::f64 ? DType::f64 : DType::f32;
  if (const Tensor& bias = options.bias; bias.defined()) {
    check(bias.rank() == 1 && bias.size(0) == n, "matmul: bias {} for {} columns", bias.shape(), n);
    check(bias.dtype() == result_type && bias.device() == a.device(), "matmul: {} bias on {} for a result in {} on {}",
          name_of(bias.dtype()), bias.device().name(), name_of(result_type), a.device().name());
  }
  Tensor out = Tensor::empty(shape, result_type, a.device());
  if (options.pre_activation) *options.pre_activation = Tensor::empty(shape, result_type, a.device());
  if (out.numel() == 0) return out;
  MatmulArgs args;
  args.out = out.view();
  args.a = broadcast_batch(a, batch);
  args.b = broadcast_batch(b, batch);
  args.scale = options.scale;
  args.bias = options.bias.defined() ? &options.bias.view() : nullptr;
  args.activation = options.activation;
  args.pre_activation = options.pre_activation ? &options.pre_activation->view() : nullptr;
  args.constant_b = options.constant_b;
  count_launch("matmul", product_flops(out, a.size(-1)));
  a.backend().matmul(args);
  return out;
}

void matmul_add_(const Tensor& out, const Tensor& a, const Tensor& b, double scale) {
  check_operand("matmul_add_", "the sum", out);
  check_product("matmul_add_", a, b);
  const Shape batch = batch_of(out);
  check(out.size(-2) == a.size(-2) && out.size(-1) == b.size(-1), "matmul_add_: {} times {} into {}", a.shape(),
        b.shape(), out.shape());
  if (out.numel() == 0) return;
  MatmulArgs args;
  args.out = out.view();
  args.a = broadcast_batch(a, batch);
  args.b = broadcast_batch(b, batch);
  args.scale = scale;
  args.accumulate = true;
  count_launch("matmul", product_flops(out, a.size(-1)));
  out.backend().matmul(args);
  out.mark_written();
}

Tensor linear(const Tensor& x, const Tensor& w, const Tensor& bias, UnaryOp activation, Tensor* pre_activation,
              bool constant_w) {
  check_defined("linear", "the input", x);
  check_defined("linear", "the weight", w);
  check(x.rank() >= 1 && w.rank() == 2 && x.size(-1) == w.size(1), "linear: input {} does not fit weight {}", x.shape(),
        w.shape());
  Shape out_shape = x.shape();
  out_shape[-1] = w.size(0);
  int64_t row_count = 1;
  for (int i = 0; i + 1 < x.rank(); ++i) row_count *= x.size(i);
  const Tensor rows = x.reshape({row_count, x.size(-1)});
  const Tensor out = matmul(rows, w.transpose(), {1, bias, activation, pre_activation, constant_w});
  if (pre_activation) *pre_activation = pre_activation->reshape(out_shape);
  return out.reshape(out_shape);
}

}  // namespace thaw
