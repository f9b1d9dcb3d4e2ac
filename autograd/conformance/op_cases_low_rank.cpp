// SPDX-License-Identifier: Apache-2.0
// The op table's rows for weights that are changed by a matrix of low rank.
#include "autograd/conformance/op_table.h"

namespace thaw::ops {
namespace {

const RandomKey key{13, 5};

// x [.., in], w, a [r, in], b [out, r], bias [out]
std::vector<Input> changed_weight(Input x, bool in_out = false) {
  return {std::move(x), in_out ? uniform("weight", 5, 7) : uniform("weight", 7, 5), uniform("a", 2, 5),
          uniform("b", 7, 2), uniform("bias", 7)};
}

// The same with magnitudes and norms [out], which are given: of norms made from w, a and b the gradient knows nothing.
std::vector<Input> decomposed_weight(Input x, bool in_out = false) {
  std::vector<Input> inputs = changed_weight(std::move(x), in_out);
  inputs.push_back(uniform("magnitude", 7));
  inputs.push_back(constant(positive("norms", 7)));
  return inputs;
}

LowRank change(const Inputs& in, float dropped = 0) { return {in[2], in[3], 0.6, {dropped, key}}; }

Function lora(UnaryOp activation, float dropped = 0, bool in_out = false) {
  return
      [=](const Inputs& in) { return low_rank_linear(in[0], in[1], in[4], change(in, dropped), activation, in_out); };
}

Function dora(UnaryOp activation, float dropped = 0, bool in_out = false) {
  return [=](const Inputs& in) {
    return dora_linear(in[0], in[1], in[4], change(in, dropped), in[5], in[6].value(), activation, in_out);
  };
}

// A variable in bf16; the f64 of the reference stays as it is.
Variable low(const Variable& x) { return x.dtype() == DType::f64 ? x : to(x, DType::bf16); }

}  // namespace

void add_low_rank_ops(OpTable& table) {
  const Input x = uniform("x", 3, 5), longer_x = uniform("x", 2, 3, 5);
  const Limits some{.largest = 257};
  const std::vector<Input> without_bias{x, uniform("weight", 7, 5), uniform("a", 2, 5), uniform("b", 7, 2)};
  table.op("low_rank_linear", changed_weight(x), lora(UnaryOp::identity));
  table.op("low_rank_linear, rank 3", changed_weight(longer_x), lora(UnaryOp::identity), some);
  table.op("low_rank_linear of one vector", changed_weight(uniform("x", 5)), lora(UnaryOp::identity),
           {.smallest = 1, .largest = 257});
  table.op(
      "low_rank_linear without bias", without_bias,
      [](auto& in) { return low_rank_linear(in[0], in[1], {}, change(in)); }, some);
  table.op(
      "low_rank_linear and gelu without bias", without_bias,
      [](auto& in) { return low_rank_linear(in[0], in[1], {}, change(in), UnaryOp::gelu); }, some);
  table.op("low_rank_linear and gelu", changed_weight(x), lora(UnaryOp::gelu));
  table.op("low_rank_linear and relu", changed_weight(x), lora(UnaryOp::relu), some);
  table.op("low_rank_linear with dropout", changed_weight(longer_x), lora(UnaryOp::identity, 0.3f), some);
  table.op("low_rank_linear with dropout and silu", changed_weight(x), lora(UnaryOp::silu, 0.3f), some);
  table.op("low_rank_linear, weight stored [in, out]", changed_weight(longer_x, true), lora(UnaryOp::identity, 0, true),
           some);
  table.op("low_rank_linear with dropout and gelu_tanh, weight stored [in, out]", changed_weight(x, true),
           lora(UnaryOp::gelu_tanh, 0.3f, true), some);
  table.op("low_rank_linear, larger than a tile",
           {uniform("x", 65, 131), uniform("weight", 67, 131), uniform("a", 8, 131), uniform("b", 67, 8),
            uniform("bias", 67)},
           lora(UnaryOp::gelu), {.largest = -1});
  table.op(
      "low_rank_linear in a checkpoint", changed_weight(x),
      [](auto& in) {
        const auto f = [](const std::vector<Variable>& v) {
          return low_rank_linear(v[0], v[1], v[4], {v[2], v[3], 0.6, {0.3f, key}}, UnaryOp::gelu);
        };
        return checkpoint(f, in.all());
      },
      some);
  table.op(
      "two low-rank changes of one weight", changed_weight(x),
      [](auto& in) {
        const LowRank turned{in[2], in[3], -0.25, {0.5f, key}};
        return add(low_rank_linear(in[0], in[1], in[4], change(in)), low_rank_linear(in[0], in[1], {}, turned));
      },
      some);

  table.op("dora_linear", decomposed_weight(longer_x), dora(UnaryOp::identity), some);
  table.op("dora_linear and gelu", decomposed_weight(x), dora(UnaryOp::gelu), some);
  table.op("dora_linear with dropout", decomposed_weight(longer_x), dora(UnaryOp::identity, 0.3f), some);
  table.op("dora_linear with dropout and relu, weight stored [in, out]", decomposed_weight(x, true),
           dora(UnaryOp::relu, 0.3f, true), some);
  table.op(
      "dora_linear without bias, weight stored [in, out]",
      {x, uniform("weight", 5, 7), uniform("a", 2, 5), uniform("b", 7, 2), uniform("magnitude", 7),
       constant(positive("norms", 7))},
      [](auto& in) { return dora_linear(in[0], in[1], {}, change(in), in[4], in[5].value(), UnaryOp::identity, true); },
      some);

  const std::vector<Input> coarse_inputs{coarse("x", 3, 5), coarse("weight", 7, 5), coarse("a", 2, 5),
                                         coarse("b", 7, 2), coarse("bias", 7),      coarse("magnitude", 7)};
  table.op("low_rank_linear, x and weight in bf16", {coarse_inputs.begin(), coarse_inputs.end() - 1},
           [](auto& in) { return low_rank_linear(low(in[0]), low(in[1]), in[4], change(in)); },
           {.largest = 257, .coarse_gradient = true, .types = {DType::bf16}});
  table.value("dora_linear, x and weight in bf16", coarse_inputs,
              [](auto& in) {
                const Variable read = low(in[0]), w = low(in[1]);
                const Tensor a = in[2].value(), b = in[3].value(), squares = row_square_norms(w.value());
                const Tensor norms = affine(low_rank_row_norms(squares, w.value(), a, b, 0.6), 1, 0.5);
                return add(dora_linear(read, w, in[4], change(in), in[5], norms),
                           dora_linear(read, w, in[4], change(in, 0.5f), in[5], norms))
                    .detach();
              },
              {.largest = 257, .types = {DType::bf16}});

  for (const bool in_out : {false, true})
    table.value(
        in_out ? "low_rank_row_norms, weight stored [in, out]" : "low_rank_row_norms",
        {constant(in_out ? uniform("weight", 5, 7) : uniform("weight", 7, 5)), constant(uniform("a", 2, 5)),
         constant(uniform("b", 7, 2))},
        [in_out](auto& in) {
          const Tensor w = in[0].value();
          return Variable(
              low_rank_row_norms(row_square_norms(w, in_out), w, in[1].value(), in[2].value(), 0.6, in_out));
        },
        some);
}

}  // namespace thaw::ops
