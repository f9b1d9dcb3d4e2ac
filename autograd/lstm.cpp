// SPDX-License-Identifier: Apache-2.0
// The recurrence as one node: its steps are walked within.
#include "autograd/lstm.h"

#include <algorithm>

#include "autograd/tape.h"

namespace thaw {

namespace {

// Rows in another order, whose way back is `back`.
Variable reordered(const Variable& x, const Indices& order, const Indices& back) {
  return record("rows_by_time", gather_rows(x.value(), order),
                {grad_to(x, [back](const Tensor& dy) { return gather_rows(dy, back); })});
}

}  // namespace

Variable rows_by_time(const Variable& x, const TimeSteps& steps) {
  return steps.in_place() ? x : reordered(x, steps.by_time(), steps.by_text());
}

Variable rows_by_text(const Variable& x, const TimeSteps& steps) {
  return steps.in_place() ? x : reordered(x, steps.by_text(), steps.by_time());
}

Variable lstm(const Variable& x, const LstmVariables& in, const TimeSteps& steps, const LstmForm& form, bool cells) {
  const std::vector<Variable> inputs{
      x, in.weight, in.bias, in.product_weight, in.product_bias, in.cell_weight, in.cell_bias, in.h0, in.c0};
  const bool gradient = std::ranges::any_of(inputs, needed);
  const LstmKeep keep =
      gradient ? (cells ? LstmKeep::gradient_and_cells : LstmKeep::gradient) : (cells ? LstmKeep::cells : LstmKeep::h);
  LstmStates made = lstm(x.value(),
                         {in.weight.value(), in.bias.value(), in.product_weight.value(), in.product_bias.value(),
                          in.cell_weight.value(), in.cell_bias.value(), in.h0.value(), in.c0.value()},
                         steps, form, keep);
  const LstmWanted wanted{needed(x),
                          needed(in.weight),
                          needed(in.bias),
                          needed(in.product_weight),
                          needed(in.product_bias),
                          needed(in.cell_weight),
                          needed(in.cell_bias),
                          needed(in.h0),
                          needed(in.c0)};
  const Tensor result = cells ? made.both : made.h;
  made.both = {};
  if (!wanted.weight) made.h = {};  // of the states before, the weight's gradient alone is made
  const auto grad = [made, steps, form, wanted, cells, weight = saved(in.weight),
                     product_weight = saved(in.product_weight), cell_weight = saved(in.cell_weight), h0 = saved(in.h0),
                     c0 = saved(in.c0)](const Tensor& dy) {
    const Tensor dh = cells ? dy.slice(0, 0, 1).squeeze(0) : dy;
    const Tensor dc = cells ? dy.slice(0, 1, 2).squeeze(0) : Tensor();
    // The biases are not read; an undefined one and one that is there have the same gradient of all else.
    const LstmRecurrence read{weight, {}, product_weight, {}, cell_weight, {}, h0, c0};
    const LstmGradients g = lstm_backward(dh, dc, read, made, steps, form, wanted);
    return std::vector<Tensor>{g.x,         g.weight, g.bias, g.product_weight, g.product_bias, g.cell_weight,
                               g.cell_bias, g.h0,     g.c0};
  };
  return record_joint("lstm", result, inputs, grad);
}

}  // namespace thaw
