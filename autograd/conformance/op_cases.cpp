// SPDX-License-Identifier: Apache-2.0
// The op table: one row per op of autograd/functions.h and of the backend contract. Sizes are names: axes of equal size
// change together when a row is tried at other sizes. First those that call one function that every device has to
// write, in the order of backend.h. Norms, attention, losses and optimizers: op_cases_layers.cpp.
#include <algorithm>
#include <numeric>

#include "autograd/conformance/op_table.h"

namespace thaw::ops {
namespace {

const RandomKey key{11, 29};

// The first of `count` rows, and two of each five behind it.
RowRanges rows_apart(int64_t count) {
  std::vector<int64_t> rows{0};
  for (int64_t row = 2; row < count; ++row)
    if (row % 5 < 2) rows.push_back(row);
  return RowRanges::of(rows);
}

// `count` ids in [0, rows), with repetitions.
Indices ids(int64_t count, int64_t rows, Device device) {
  std::vector<int32_t> values;
  for (int64_t t = 0; t < count; ++t) values.push_back(static_cast<int32_t>((t * t * 5 + 3 * t + 1) % rows));
  return {values, device};
}

// Lowers an input that is exact in `dtype` to it; f64 stays, so that the reference computes with the same numbers.
Variable low(const Variable& x, DType dtype) { return x.value().dtype() == DType::f64 ? x : to(x, dtype); }

Variable uniform_value(const Inputs& in, RandomKey from) {
  return Variable(uniform(in[0].shape(), from, in[0].value().dtype(), in.device()));
}

// in[0], and -0.5 times the sum of in[1] over its middle axis added to it.
Variable sum_added(const Inputs& in) {
  const Tensor out = in[0].value().clone();
  const Tensor rows = out.reshape({out.size(0), 1, out.size(1)});
  in.device().backend().reduce(ReduceOp::sum, rows.view(), in[1].value().view(), -0.5, true);
  return Variable(out);
}

Variable binary_value(BinaryOp op, const Inputs& in) { return binary(op, in[0].value(), in[1].value()); }

}  // namespace

void add_primitive_ops(OpTable& table) {
  // --- pointwise ---
  table.op("affine", {uniform(3, 5, 7)}, [](auto& in) { return affine(in[0], -1.75, 0.5); });
  table.op("scale", {uniform(3, 5, 7)}, [](auto& in) { return scale(in[0], 2.5); });
  table.op("neg", {uniform(3, 5, 7)}, [](auto& in) { return neg(in[0]); });
  table.op("abs", {uniform(3, 5, 7)}, [](auto& in) { return abs(in[0]); });
  table.op("square", {uniform(3, 5, 7)}, [](auto& in) { return square(in[0]); });
  table.op("clamp", {uniform(3, 5, 7)}, [](auto& in) { return clamp(in[0], -0.75, 1.25); });
  table.op("power", {positive(3, 5, 7)}, [](auto& in) { return unary(UnaryOp::power, in[0], {-1.7f}); });
  table.op("sqrt", {positive(3, 5, 7)}, [](auto& in) { return sqrt(in[0]); });
  table.op("rsqrt", {positive(3, 5, 7)}, [](auto& in) { return rsqrt(in[0]); });
  table.op("reciprocal", {uniform(3, 5, 7)}, [](auto& in) { return reciprocal(affine(in[0], 1, 3)); });
  table.op("exp", {uniform(3, 5, 7)}, [](auto& in) { return exp(in[0]); });
  table.op("log", {positive(3, 5, 7)}, [](auto& in) { return log(in[0]); });
  table.op("erf", {uniform(3, 5, 7)}, [](auto& in) { return erf(in[0]); });
  table.op("tanh", {uniform(3, 5, 7)}, [](auto& in) { return tanh(in[0]); });
  table.op("sigmoid", {uniform(3, 5, 7)}, [](auto& in) { return sigmoid(in[0]); });
  table.op("relu", {uniform(3, 5, 7)}, [](auto& in) { return relu(in[0]); });
  table.op("gelu", {uniform(3, 5, 7)}, [](auto& in) { return gelu(in[0]); });
  table.op("gelu_tanh", {uniform(3, 5, 7)}, [](auto& in) { return gelu_tanh(in[0]); });
  table.op("quick_gelu", {uniform(3, 5, 7)}, [](auto& in) { return quick_gelu(in[0]); });
  table.op("silu", {uniform(3, 5, 7)}, [](auto& in) { return silu(in[0]); });
  table.op("softplus", {uniform(3, 5, 7)}, [](auto& in) { return softplus(in[0]); });
  table.op("gelu of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return gelu(scale(in[0], 6)); });
  table.op("gelu_tanh of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return gelu_tanh(scale(in[0], 60)); });
  table.op("quick_gelu of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return quick_gelu(scale(in[0], 60)); });
  table.op("silu of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return silu(scale(in[0], 60)); });
  table.op("softplus of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return softplus(scale(in[0], 60)); });
  table.op("sigmoid of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return sigmoid(scale(in[0], 60)); });
  table.op("tanh of large numbers", {uniform(3, 5, 7)}, [](auto& in) { return tanh(scale(in[0], 60)); });

  table.op("add", {uniform(3, 5, 7), uniform(3, 5, 7)}, [](auto& in) { return add(in[0], in[1]); });
  table.op("add a row", {uniform(3, 5, 7), uniform(7)}, [](auto& in) { return add(in[0], in[1]); });
  table.op("add a number", {uniform(3, 5, 7), uniform()}, [](auto& in) { return add(in[0], in[1]); });
  table.op("sub", {uniform(3, 5, 7), uniform(3, 5, 7)}, [](auto& in) { return sub(in[0], in[1]); });
  table.op("sub outer", {uniform(3, 1, 7), uniform(5, 1)}, [](auto& in) { return sub(in[0], in[1]); }, {.fixed = {1}});
  table.op("mul", {uniform(3, 5, 7), uniform(3, 5, 7)}, [](auto& in) { return mul(in[0], in[1]); });
  table.op("mul by a column", {uniform(3, 5, 7), uniform(3, 1, 1)}, [](auto& in) { return mul(in[0], in[1]); },
           {.fixed = {1}});
  table.op("mul with itself", {uniform(5, 7)}, [](auto& in) { return mul(in[0], in[0]); });
  table.op("div", {uniform(3, 5, 7), positive(3, 5, 7)}, [](auto& in) { return div(in[0], in[1]); });
  table.op("div by a row", {uniform(3, 5, 7), positive(7)}, [](auto& in) { return div(in[0], in[1]); });
  table.op("maximum", {uniform(3, 5, 7), uniform(3, 5, 7)}, [](auto& in) { return maximum(in[0], in[1]); });
  table.op("maximum with a row", {uniform(3, 5, 7), uniform(7)}, [](auto& in) { return maximum(in[0], in[1]); });
  table.op("minimum", {uniform(3, 5, 7), uniform(3, 5, 7)}, [](auto& in) { return minimum(in[0], in[1]); });
  table.value("less", {constant(coarse(3, 5, 7)), constant(coarse(5, 7))},
              [](auto& in) { return binary_value(BinaryOp::less, in); });
  table.value("less_equal", {constant(coarse(3, 5, 7)), constant(coarse(5, 7))},
              [](auto& in) { return binary_value(BinaryOp::less_equal, in); });
  table.value("equal", {mask(3, 5, 7), mask(5, 7)}, [](auto& in) { return binary_value(BinaryOp::equal, in); });
  table.op("where", {mask("condition", 3, 5, 7), uniform("a", 3, 5, 7), uniform("b", 3, 5, 7)},
           [](auto& in) { return where(in[0].value(), in[1], in[2]); });
  table.op("where, broadcast", {mask("condition", 5, 1), uniform("a", 3, 5, 7), uniform("b")},
           [](auto& in) { return where(in[0].value(), in[1], in[2]); }, {.fixed = {1}});
  table.value("uniform", {constant(uniform(5, 7))}, [](auto& in) { return uniform_value(in, key); });
  table.value("uniform, a seed of 64 bits", {constant(uniform(5, 7))}, [](auto& in) {
    return uniform_value(in, {0x9E3779B97F4A7C15, 29});
  });
  table.value("uniform, a stream of 64 bits", {constant(uniform(5, 7))}, [](auto& in) {
    return uniform_value(in, {11, 0xD1B54A32D192ED03});
  });
  table.op("to bf16 and back", {coarse(3, 5, 7)},
           [](auto& in) { return to(low(in[0], DType::bf16), in[0].value().dtype()); }, {.types = {DType::bf16}});
  table.op("to f16 and back", {coarse(3, 5, 7)},
           [](auto& in) { return to(low(in[0], DType::f16), in[0].value().dtype()); }, {.types = {DType::f16}});
  table.value("to i32 and back", {constant(coarse(3, 5, 7))},
              [](auto& in) { return Variable(scale(in[0], 1001).value().to(DType::i32).to(in[0].value().dtype())); });
  table.value("to u8 and back", {constant(coarse(3, 5, 7))}, [](auto& in) {
    return Variable(affine(in[0], 50, 110).value().to(DType::u8).to(in[0].value().dtype()));
  });

  // --- shape ---
  table.op("reshape", {uniform(3, 5, 7)}, [](auto& in) {
    return reshape(in[0], {in[0].size(0) * in[0].size(1), in[0].size(2)});
  });
  table.op("reshape of a permuted tensor", {uniform(3, 5, 7)}, [](auto& in) {
    return reshape(permute(in[0], {2, 0, 1}), {in[0].value().numel()});
  });
  table.op("permute", {uniform(2, 3, 5, 7)}, [](auto& in) { return exp(permute(in[0], {2, 0, 3, 1})); });
  table.op("transpose", {uniform(3, 5, 7)}, [](auto& in) { return transpose(in[0], 0, -1); });
  table.op("slice", {uniform(3, 5, 7)}, [](auto& in) { return slice(in[0], 1, 1, in[0].size(1)); }, {.smallest = 1});
  table.op("slices of one tensor", {uniform(3, 5, 7)}, [](auto& in) {
    const int64_t half = in[0].size(-1) / 2;
    return mul(slice(in[0], -1, 0, half), slice(in[0], 2, half, 2 * half));
  });
  table.op("expand", {uniform(3, 1, 7)},
           [](auto& in) {
             return expand(in[0], {2, in[0].size(0), 5, in[0].size(2)});
           },
           {.fixed = {1}});
  table.op("concat", {uniform(3, 5, 7), uniform(3, 4, 7), uniform(3, 1, 7)},
           [](auto& in) { return concat(in.all(), 1); }, {.fixed = {1}});
  table.op("concat along the last axis", {uniform(3, 5), uniform(3, 7)}, [](auto& in) { return concat(in.all(), -1); });
  table.op("squeeze", {uniform(3, 1, 5)}, [](auto& in) { return squeeze(in[0], -2); }, {.fixed = {1}});
  table.value("copy of a permuted tensor", {constant(uniform(2, 3, 5, 7))}, [](auto& in) {
    return Variable(in[0].value().permute({3, 1, 0, 2}).clone());
  });
  table.value("fill", {constant(uniform(3, 5, 7))},
              [](auto& in) { return Variable(Tensor::full(in[0].shape(), -2.5, in[0].value().dtype(), in.device())); });
  table.value("fill of a slice", {constant(uniform(3, 5, 7))}, [](auto& in) {
    const Tensor x = in[0].value().clone();
    x.slice(-1, 0, (in[0].size(-1) + 1) / 2).fill_(3);
    return Variable(x);
  });

  // --- reductions ---
  table.op("sum over the last axis", {uniform(3, 5, 7)}, [](auto& in) { return sum(in[0], {-1}); });
  table.op("sum over the first axis", {uniform(3, 5, 7)}, [](auto& in) { return sum(in[0], {0}); });
  table.op("sum over the middle axis", {uniform(3, 5, 7)}, [](auto& in) { return sum(in[0], {1}, true); });
  table.op("sum over the outer axes", {uniform(3, 5, 7)}, [](auto& in) { return sum(in[0], {0, 2}); });
  table.op("sum over the first axes", {uniform(3, 5, 7)}, [](auto& in) { return sum(in[0], {0, 1}); });
  table.op("sum over four axes", {uniform(2, 3, 5, 7)}, [](auto& in) { return sum(in[0], {3, 1}); });
  table.op("sum_all", {uniform(3, 5, 7)}, [](auto& in) { return sum_all(in[0], -0.5); });
  table.op("mean", {uniform(3, 5, 7)}, [](auto& in) { return mean(in[0], {0, -1}, true); });
  table.op("mean_all", {uniform(3, 5, 7)}, [](auto& in) { return mean_all(in[0]); });
  table.op("max over the last axis", {distinct(3, 5, 7)}, [](auto& in) { return max(in[0], -1); }, {.smallest = 1});
  table.op("max over the first axis", {distinct(3, 5, 7)}, [](auto& in) { return max(in[0], 0, true); },
           {.smallest = 1});
  table.value("max of nothing or something", {constant(distinct(3, 5, 7))}, [](auto& in) {
    return Variable(reduce(ReduceOp::max, in[0].value(), std::vector{1, 2}));
  });
  table.value("min", {constant(distinct(3, 5, 7))}, [](auto& in) {
    return Variable(reduce(ReduceOp::min, in[0].value(), std::vector{0, 2}));
  });
  table.value("argmax", {constant(distinct(3, 5, 7))},
              [](auto& in) { return Variable(argmax(in[0].value()).to(in[0].value().dtype())); }, {.smallest = 1});
  table.value("argmax of equal numbers", {mask(3, 5, 7)},
              [](auto& in) { return Variable(argmax(in[0].value()).to(in[0].value().dtype())); }, {.smallest = 1});
  table.value("sum, added to what is there", {constant(uniform("out", 3, 7)), constant(uniform("x", 3, 5, 7))},
              [](auto& in) { return sum_added(in); });
  table.op("softmax", {uniform(3, 5, 7)}, [](auto& in) { return softmax(scale(in[0], 4)); });
  table.op("softmax of large numbers", {uniform(5, 7)}, [](auto& in) { return softmax(affine(in[0], 4, 300)); },
           {.bound = 1e-8, .reason = "numbers near 300 are themselves rounded to 1.5e-5"});

  // --- products ---
  table.op("matmul NN", {uniform(3, 5), uniform(5, 7)}, [](auto& in) { return matmul(in[0], in[1]); });
  table.op("matmul NT", {uniform(3, 5), uniform(7, 5)}, [](auto& in) { return matmul(in[0], transpose(in[1]), 0.5); });
  table.op("matmul TN", {uniform(5, 3), uniform(5, 7)}, [](auto& in) { return matmul(transpose(in[0]), in[1]); });
  table.op("matmul TT", {uniform(5, 3), uniform(7, 5)},
           [](auto& in) { return matmul(transpose(in[0]), transpose(in[1])); });
  table.op("matmul batched", {uniform(2, 3, 5), uniform(2, 5, 7)}, [](auto& in) { return matmul(in[0], in[1]); });
  table.op("matmul batched NT", {uniform(4, 2, 3, 5), uniform(4, 2, 7, 5)},
           [](auto& in) { return matmul(in[0], transpose(in[1]), 0.25); });
  table.op("matmul by a shared matrix", {uniform(2, 3, 5), uniform(5, 7)},
           [](auto& in) { return matmul(in[0], in[1]); });
  table.op("matmul of a shared matrix", {uniform(3, 5), uniform(2, 5, 7)},
           [](auto& in) { return matmul(in[0], in[1]); });
  table.op("matmul, broadcast batches", {uniform(2, 1, 3, 5), uniform(4, 5, 7)},
           [](auto& in) { return matmul(in[0], in[1]); }, {.fixed = {1}});
  table.op("matmul over heads", {uniform(5, 2, 3), uniform(7, 2, 3)}, [](auto& in) {
    return matmul(permute(in[0], {1, 0, 2}), permute(in[1], {1, 2, 0}));
  });
  table.op("matmul, tall and thin", {uniform(1023, 2), uniform(2, 5)}, [](auto& in) { return matmul(in[0], in[1]); },
           {.largest = 17});
  table.op("matmul, one row", {uniform(1, 129), uniform(129, 33)}, [](auto& in) { return matmul(in[0], in[1]); },
           {.largest = -1});
  table.op("matmul, larger than a tile", {uniform(65, 131), uniform(131, 67)},
           [](auto& in) { return matmul(in[0], in[1]); }, {.largest = -1});
  table.op("matmul in bf16", {coarse(3, 5), coarse(5, 7)},
           [](auto& in) { return matmul(low(in[0], DType::bf16), low(in[1], DType::bf16)); },
           {.coarse_gradient = true, .types = {DType::bf16}});
  table.op("matmul in f16", {coarse(3, 5), coarse(7, 5)},
           [](auto& in) { return matmul(low(in[0], DType::f16), transpose(low(in[1], DType::f16))); },
           {.coarse_gradient = true, .types = {DType::f16}});
  table.op("linear in bf16", {coarse("x", 3, 5), coarse("weight", 7, 5), coarse("bias", 7)},
           [](auto& in) { return linear(low(in[0], DType::bf16), low(in[1], DType::bf16), in[2]); },
           {.coarse_gradient = true, .types = {DType::bf16}});
  table.value("matmul_add_",
              {constant(uniform("out", 3, 7)), constant(uniform("a", 3, 5)), constant(uniform("b", 5, 7))},
              [](auto& in) {
                const Tensor out = in[0].value().clone();
                matmul_add_(out, in[1].value(), in[2].value(), -0.5);
                return Variable(out);
              });
  table.value("matmul_add_, transposed",
              {constant(uniform("out", 3, 7)), constant(uniform("a", 5, 3)), constant(uniform("b", 5, 7))},
              [](auto& in) {
                const Tensor out = in[0].value().clone();
                matmul_add_(out, in[1].value().transpose(), in[2].value());
                return Variable(out);
              });
  table.op("linear", {uniform("x", 3, 5), uniform("weight", 7, 5)}, [](auto& in) { return linear(in[0], in[1]); });
  table.op("linear, rank 3", {uniform("x", 2, 3, 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2]); });
  table.op("linear of one vector", {uniform("x", 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2]); }, {.smallest = 1});
  table.op("linear and relu", {uniform("x", 3, 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2], UnaryOp::relu); });
  table.op("linear and gelu", {uniform("x", 3, 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2], UnaryOp::gelu); });
  table.op("linear and gelu_tanh", {uniform("x", 3, 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2], UnaryOp::gelu_tanh); });
  table.op("linear and quick_gelu", {uniform("x", 3, 5), uniform("weight", 7, 5)},
           [](auto& in) { return linear(in[0], in[1], {}, UnaryOp::quick_gelu); });
  table.op("linear and silu", {uniform("x", 3, 5), uniform("weight", 7, 5)},
           [](auto& in) { return linear(in[0], in[1], {}, UnaryOp::silu); });
  table.op("linear and tanh", {uniform("x", 3, 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2], UnaryOp::tanh); });
  table.op("linear and sigmoid", {uniform("x", 3, 5), uniform("weight", 7, 5), uniform("bias", 7)},
           [](auto& in) { return linear(in[0], in[1], in[2], UnaryOp::sigmoid); });
  table.op("linear, larger than a tile", {uniform("x", 65, 131), uniform("weight", 67, 131), uniform("bias", 67)},
           [](auto& in) { return linear(in[0], in[1], in[2], UnaryOp::gelu); }, {.largest = -1});
  table.op("linear_in_out", {uniform("x", 2, 3, 5), uniform("weight", 5, 7), uniform("bias", 7)},
           [](auto& in) { return linear_in_out(in[0], in[1], in[2]); });
  table.op("linear_in_out and gelu_tanh", {uniform("x", 3, 5), uniform("weight", 5, 7), uniform("bias", 7)},
           [](auto& in) { return linear_in_out(in[0], in[1], in[2], UnaryOp::gelu_tanh); });

  // --- rows ---
  table.op("embedding", {uniform("table", 11, 7)},
           [](auto& in) { return embedding(in[0], ids(19, in[0].size(0), in.device())); }, {.smallest = 1});
  table.op("embedding of many ids", {uniform("table", 11, 7)},
           [](auto& in) { return embedding(in[0], ids(1031, in[0].size(0), in.device())); },
           {.smallest = 1, .largest = 257});
  table.op("embedding of no ids", {uniform("table", 11, 7)},
           [](auto& in) { return embedding(in[0], ids(0, 1, in.device())); }, {.smallest = 1});
  table.op("take_rows", {uniform("table", 11, 7)},
           [](auto& in) {
             return take_rows(in[0], Indices({0, static_cast<int32_t>(in[0].size(0)) - 1, 0}, in.device()));
           },
           {.smallest = 1});
}

void add_composed_ops(OpTable& table) {
  // --- composed of several, or fused ---
  table.fused("dropout", {uniform("x", 3, 5, 7)}, [](auto& in) { return dropout(in[0], {0.3f, key}); });
  table.fused("dropout and residual", {uniform("x", 3, 5, 7), uniform("residual", 3, 5, 7)}, [](auto& in) {
    return dropout(in[0], {0.4f, key}, in[1]);
  });
  table.op("dropout of nothing", {uniform("x", 3, 5, 7), uniform("residual", 3, 5, 7)},
           [](auto& in) { return dropout(in[0], {}, in[1]); });
  table.fused_value("sum_squares", {constant(uniform(5, 7)), constant(uniform(3, 1)), constant(uniform(257))},
                    [](auto& in) { return Variable(sum_squares(in.values())); });
  table.op("log_softmax", {uniform(3, 5, 7)}, [](auto& in) { return log_softmax(scale(in[0], 4)); });
  table.op("log_softmax over the middle axis", {uniform(3, 5, 7)},
           [](auto& in) { return log_softmax(scale(in[0], 4), 1); });
  table.op("softmax over the first axis", {uniform(3, 5, 7)}, [](auto& in) { return softmax(scale(in[0], 4), 0); });
  table.op("pow", {positive(3, 5, 7)}, [](auto& in) { return pow(in[0], 2.3); });
  table.op("pow, odd", {uniform(3, 5, 7)}, [](auto& in) { return pow(in[0], 3); });
  table.op("pow, even and negative", {uniform(3, 5, 7)}, [](auto& in) { return pow(affine(in[0], 1, -3), -2); });
  table.op("stack", {uniform("a", 3, 5), uniform("b", 3, 5)}, [](auto& in) { return stack(in.all(), 1); });
  table.value("randn", {constant(uniform(5, 7))},
              [](auto& in) { return Variable(randn(in[0].shape(), key, in[0].dtype(), in.device())); });
  table.value("gradient of rows that lie apart", {constant(uniform("table", 11, 7)), constant(uniform("x", 5, 7))},
              [](auto& in) {
                const Variable rows = Variable::leaf(in[0].value(), "table", rows_apart(in[0].size(0)));
                backward(sum_all(square(linear(in[1].value(), rows))));
                backward(sum_all(square(embedding(rows, ids(19, rows.size(0), in.device())))));
                return Variable(rows.grad());
              },
              {.smallest = 1});
  table.op("a weight used twice", {uniform("x", 3, 5), uniform("weight", 5, 5)},
           [](auto& in) { return linear(linear(in[0], in[1]), in[1]); }, {.largest = 257});
  table.op("embedding and tied output", {uniform("table", 11, 7)},
           [](auto& in) { return linear(embedding(in[0], ids(5, in[0].size(0), in.device())), in[0]); },
           {.smallest = 1});
  table.fused("checkpoint", {uniform("x", 5, 7), uniform("weight", 7, 7)},
              [](auto& in) {
                const auto f = [](const std::vector<Variable>& v) {
                  return gelu(dropout(linear(v[0], v[1]), {0.3f, key}, v[0]));
                };
                return checkpoint(f, in.all());
              },
              {.largest = 257});
}

}  // namespace thaw::ops
