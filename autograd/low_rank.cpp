// SPDX-License-Identifier: Apache-2.0
// Products with a weight that is changed by a product of two thin matrices, w + s b a: LoRA (Hu et al. 2021), rsLoRA
// (Kalajdzievski 2023: another s) and DoRA (Liu et al. 2024). The sum is never made: u = x a^T has r columns.
#include "autograd/functions.h"
#include "autograd/weight_edges.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void check_shapes(const char* op, const Tensor& w, bool in_out, const Tensor& a, const Tensor& b) {
  check_defined(op, "the weight", w);
  check_defined(op, "a", a);
  check_defined(op, "b", b);
  check(w.rank() == 2 && a.rank() == 2 && b.rank() == 2 && a.size(0) == b.size(1) &&
            a.size(1) == w.size(in_out ? 0 : 1) && b.size(0) == w.size(in_out ? 1 : 0),
        "{}: a [r, in] and b [out, r] were expected for the weight {} [{}], but they are {} and {}", op, w.shape(),
        in_out ? "in, out" : "out, in", a.shape(), b.shape());
}

// What a reads, as rows.
Tensor dropped(const Tensor& x, const Dropout& options, DType dtype) {
  const Tensor rows = as_rows(x).to(dtype);
  return options.probability > 0 ? dropout(rows, options) : rows;
}

// u = dropout(x) a^T: dx = dropout(du a), da = du^T dropout(x). In the backward pass this comes after the product with
// the weight, to whose dx it is added.
Variable inner_product(const Variable& x, const Variable& a, const Dropout& options) {
  Shape shape = x.shape();
  shape[-1] = a.size(0);
  const Tensor u = matmul(dropped(x.value(), options, a.dtype()), a.value().transpose()).reshape(shape);
  return record("low_rank_linear", u,
                {add_grad_to(x,
                             [a = saved(a), options, shape = x.shape()](const Tensor& du, Tensor& grad) {
                               if (options.probability > 0) {
                                 grad = dropout(matmul(as_rows(du), a).reshape(shape), options, grad);
                               } else if (grad.defined()) {
                                 matmul_add_(as_rows(grad), as_rows(du), a);
                               } else {
                                 grad = matmul(as_rows(du), a).reshape(shape);
                               }
                             }),
                 add_grad_to(a, [x = saved(x), options, dtype = a.dtype()](const Tensor& du, Tensor& grad) {
                   add_product(grad, as_rows(du).transpose(), dropped(x, options, dtype));
                 })});
}

Variable plain(const Variable& x, const Factor& w, const Variable& bias, bool in_out) {
  return record("linear", weight_product("linear", x, w, bias, in_out),
                {product_to_input(x, w, in_out), product_to_weight(x, w, in_out), product_to_bias(bias)});
}

// z = x w^T + bias + s u b^T: du = s dz b, db = s dz^T u.
Variable low_rank(const Variable& x, const Factor& w, const Variable& bias, const LowRank& change, UnaryOp activation,
                  bool in_out) {
  const char* const op = "low_rank_linear";
  check_shapes(op, w.stored(), in_out, change.a.value(), change.b.value());
  const Tensor z = weight_product(op, x, w, bias, in_out);
  const Variable u = inner_product(x, change.a, change.dropout);
  const double s = change.scale;
  matmul_add_(as_rows(z), as_rows(u.value()), change.b.value().transpose(), s);
  const Variable sum = record(op, z,
                              {product_to_input(x, w, in_out), product_to_weight(x, w, in_out), product_to_bias(bias),
                               add_grad_to(change.b,
                                           [u = saved(u), s](const Tensor& dz, Tensor& grad) {
                                             add_product(grad, as_rows(dz).transpose(), as_rows(u), s);
                                           }),
                               grad_to(u, [b = saved(change.b), s, shape = u.shape()](const Tensor& dz) {
                                 return matmul(as_rows(dz), b, {.scale = s}).reshape(shape);
                               })});
  if (activation == UnaryOp::identity) return sum;
  const Tensor y = unary(activation, z);
  return record_activation(sum, y, activation, reads_pre_activation(activation) ? z : y);
}

// With g = m / norms: y = g (x w^T + s x a^T b^T) + bias. Where a reads D = dropout(x), so does the part of the product
// with w that g changes: y = (x - D) w^T + g (D w^T + s D a^T b^T) + bias.
Variable dora(const Variable& x, const Factor& w, const Variable& bias, const LowRank& change,
              const Variable& magnitude, const Tensor& norms, UnaryOp activation, bool in_out) {
  check_shapes("dora_linear", w.stored(), in_out, change.a.value(), change.b.value());
  const Shape expected{change.b.size(0)};
  check(magnitude.defined() && norms.defined() && magnitude.shape() == expected && norms.shape() == expected,
        "dora_linear: a magnitude and norms {} were expected", expected);
  const Variable gain = div(magnitude, Variable(norms));
  Variable y;
  if (change.dropout.probability == 0) {
    y = mul(low_rank(x, w, {}, change, UnaryOp::identity, in_out), gain);
    if (bias.defined()) y = add(y, bias);
  } else {
    // Of a weight in a half type, what it reads is rounded after the dropout.
    const Variable read = to(x, change.a.dtype()), dropped = dropout(read, change.dropout);
    const Variable rest = to(sub(read, dropped), w.dtype());
    const LowRank same{change.a, change.b, change.scale, {}};
    y = add(plain(rest, w, bias, in_out),
            mul(low_rank(to(dropped, w.dtype()), w, {}, same, UnaryOp::identity, in_out), gain));
  }
  return unary(activation, y);
}

}  // namespace

Variable low_rank_linear(const Variable& x, const Variable& w, const Variable& bias, const LowRank& change,
                         UnaryOp activation, bool in_out) {
  return low_rank(x, w, bias, change, activation, in_out);
}

Variable low_rank_linear(const Variable& x, const CompressedWeight& w, const Variable& bias, const LowRank& change,
                         UnaryOp activation, bool in_out) {
  return low_rank(x, w, bias, change, activation, in_out);
}

Variable dora_linear(const Variable& x, const Variable& w, const Variable& bias, const LowRank& change,
                     const Variable& magnitude, const Tensor& norms, UnaryOp activation, bool in_out) {
  return dora(x, w, bias, change, magnitude, norms, activation, in_out);
}

Variable dora_linear(const Variable& x, const CompressedWeight& w, const Variable& bias, const LowRank& change,
                     const Variable& magnitude, const Tensor& norms, UnaryOp activation, bool in_out) {
  return dora(x, w, bias, change, magnitude, norms, activation, in_out);
}

Tensor row_square_norms(const Tensor& w, bool in_out) {
  check(w.defined() && w.rank() == 2, "row_square_norms: a matrix was expected");
  return sum(unary(UnaryOp::square, w.dtype() == DType::f64 ? w : w.to(DType::f32)), {in_out ? 0 : 1});
}

// ||w_i + s b_i a||^2 = ||w_i||^2 + b_i . (2 s a w_i + s^2 a a^T b_i)
Tensor low_rank_row_norms(const Tensor& square_norms, const Tensor& w, const Tensor& a, const Tensor& b, double scale,
                          bool in_out) {
  const char* const op = "low_rank_row_norms";
  check_shapes(op, w, in_out, a, b);
  check(square_norms.defined() && square_norms.shape() == Shape{b.size(0)}, "{}: {} square norms were expected", op,
        b.size(0));
  const Tensor changes = matmul(in_out ? w.transpose() : w, a.to(w.dtype()).transpose(), {.scale = 2 * scale});
  matmul_add_(changes, b, matmul(a, a.transpose()), scale * scale);
  const Tensor squares = add(square_norms, sum(mul(changes, b), {1}));
  // Rounding must not make the square of a row that nearly vanishes negative.
  return unary(UnaryOp::sqrt, unary(UnaryOp::relu, squares));
}

}  // namespace thaw
