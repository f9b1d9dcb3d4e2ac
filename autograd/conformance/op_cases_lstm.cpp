// SPDX-License-Identifier: Apache-2.0
// The op table's rows for the recurrence of an LSTM. A weight [4H, H] is given as [4, H, H], x [T, 4H] as [T, 4, H], so
// that H is one quantity in all inputs.
#include <algorithm>

#include "autograd/conformance/op_table.h"
#include "autograd/lstm.h"

namespace thaw::ops {
namespace {

constexpr int64_t sequences = 3;

// `total` rows in three sequences, of which none is sorted and the second is the shortest; or of one length.
TimeSteps steps_of(const Variable& x, bool even) {
  const auto total = static_cast<int32_t>(x.size(0));
  const int32_t second = total / 5, first = (total - second) / 3;
  const std::vector<int32_t> lengths =
      even ? std::vector<int32_t>{total} : std::vector<int32_t>{first, second, total - first - second};
  return TimeSteps(Segments(lengths, x.value().device()));
}

Variable gates_of(const Variable& x) { return reshape(x, {x.size(0), 4 * x.size(2)}); }
Variable weight_of(const Variable& w) { return reshape(w, {4 * w.size(2), w.size(2)}); }
Variable flat(const Variable& x) { return reshape(x, {x.value().numel()}); }

Variable plain(const Variable& x, const Variable& weight, const Variable& bias, const Variable& h0, const Variable& c0,
               bool cells = false, bool even = false) {
  return lstm(gates_of(x), {.weight = weight_of(weight), .bias = flat(bias), .h0 = h0, .c0 = c0}, steps_of(x, even), {},
              cells);
}

// product_bias, and with it the recurrent product's own, cannot be told from x's.
Variable normed(const std::vector<Variable>& in, bool cells = false) {
  return lstm(gates_of(in[0]),
              {.weight = weight_of(in[1]),
               .bias = flat(in[2]),
               .product_weight = flat(in[3]),
               .product_bias = flat(in[4]),
               .cell_weight = in[5],
               .cell_bias = in[6],
               .h0 = in[7],
               .c0 = in[8]},
              steps_of(in[0], false), {GateOrder::ifog, 0.01, 0.02}, cells);
}

}  // namespace

void add_lstm_ops(OpTable& table) {
  const Input x = uniform("x", 11, 4, 5), weight = uniform("weight", 4, 5, 5), bias = uniform("bias", 4, 5),
              h0 = uniform("h0", 3, 5), c0 = uniform("c0", 3, 5);
  // The gradient of x is a step on the way to that of the weight, and c0's to that of c0 in h0's.
  const Limits limits{.largest = 17, .fixed = {4, sequences}, .saves = {{0, Saving::nothing}, {4, Saving::nothing}}};
  table.fused(
      "lstm", {x, weight, bias, h0, c0}, [](auto& in) { return plain(in[0], in[1], in[2], in[3], in[4]); }, limits);
  table.fused(
      "lstm with its cells", {x, weight, bias, h0, c0},
      [](auto& in) { return plain(in[0], in[1], in[2], in[3], in[4], true); }, limits);
  table.fused("lstm from zeros", {x, weight, bias}, [](auto& in) { return plain(in[0], in[1], in[2], {}, {}); },
              {.largest = 257, .fixed = {4, 5}, .saves = {{0, Saving::nothing}}});
  table.fused("lstm of one sequence", {x, weight, bias},
              [](auto& in) { return plain(in[0], in[1], in[2], {}, {}, false, true); },
              {.largest = 17, .fixed = {4}, .saves = {{0, Saving::nothing}}});
  table.op("lstm in a checkpoint", {x, weight, bias},
           [](auto& in) {
             const auto f = [](const std::vector<Variable>& v) { return plain(v[0], v[1], v[2], {}, {}); };
             return checkpoint(f, in.all());
           },
           {.largest = 17, .fixed = {4}, .saves = {{0, Saving::nothing}}});
  const std::vector<Input> with_norms{x,
                                      weight,
                                      bias,
                                      uniform("product_weight", 4, 5),
                                      uniform("product_bias", 4, 5),
                                      uniform("cell_weight", 5),
                                      uniform("cell_bias", 5),
                                      h0,
                                      c0};
  const Limits of_norms{.smallest = 2,
                        .largest = 17,
                        .fixed = {4, sequences},
                        .saves = {{0, Saving::nothing},
                                  {3, Saving::memory},
                                  {4, Saving::memory},
                                  {5, Saving::memory},
                                  {6, Saving::memory},
                                  {8, Saving::nothing}}};
  table.fused(
      "lstm with layer norms", with_norms, [](auto& in) { return normed(in.all()); }, of_norms);
  table.fused(
      "lstm with layer norms and its cells", with_norms, [](auto& in) { return normed(in.all(), true); }, of_norms);
}

}  // namespace thaw::ops
