// SPDX-License-Identifier: Apache-2.0
// The recurrence forward: a product, then a cell, a step. With norms one behind each.
#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/lstm.h"
#include "tensor/operands.h"

namespace thaw {
namespace {

void check_inputs(const Tensor& x, const LstmRecurrence& in, const TimeSteps& steps) {
  check_operand("lstm", "the input", x);
  check_beside("lstm", x, "the weight", in.weight);
  check(in.weight.rank() == 2 && in.weight.size(0) == 4 * in.weight.size(1), "lstm: weight {} is not [4H, H]",
        in.weight.shape());
  const int64_t hidden = in.weight.size(1);
  check(x.shape() == Shape{steps.total(), 4 * hidden}, "lstm: input {} for {} rows and weight {}", x.shape(),
        steps.total(), in.weight.shape());
  const auto fits = [&](const char* name, const Tensor& t, const Shape& shape) {
    if (!t.defined()) return;
    check_beside("lstm", x, name, t);
    check(t.shape() == shape, "lstm: {} {}, expected {}", name, t.shape(), shape);
  };
  fits("the bias", in.bias, {4 * hidden});
  fits("the weight of the product's norm", in.product_weight, {4 * hidden});
  fits("the bias of the product's norm", in.product_bias, {4 * hidden});
  fits("the weight of the cell's norm", in.cell_weight, {hidden});
  fits("the bias of the cell's norm", in.cell_bias, {hidden});
  fits("the initial h", in.h0, {steps.sequences(), hidden});
  fits("the initial c", in.c0, {steps.sequences(), hidden});
  for (const Tensor* t : {&in.product_bias, &in.cell_weight, &in.cell_bias})
    check(t->defined() == in.normed(), "lstm: weights and biases of both norms, or none of them");
}

// out = h weight^T + bias
void product(const View& out, const View& h, const Tensor& weight, const Tensor& bias) {
  MatmulArgs args;
  args.out = out;
  args.a = h;
  args.b = weight.view().transpose();
  args.bias = bias.defined() ? &bias.view() : nullptr;
  args.constant_b = true;  // through all steps
  count_launch("matmul", 2.0 * static_cast<double>(out.numel()) * static_cast<double>(h.shape[1]));
  weight.backend().matmul(args);
}

// y = LN(x) * weight + bias with its statistics.
void layer_norm(const View& y, const View& x, const Tensor& weight, const Tensor& bias, double eps, const View& mean,
                const View& rstd) {
  NormArgs args;
  args.y = y;
  args.x = x;
  args.weight = &weight.view();
  args.bias = &bias.view();
  args.eps = eps;
  args.mean = &mean;
  args.rstd = &rstd;
  count_launch("norm");
  weight.backend().norm(args);
}

// Rows of a tensor that holds those of all steps, or of one step after the other in the same place.
class StepRows {
 public:
  StepRows(bool all, const Tensor& like, const TimeSteps& steps, int64_t channels) : all_(all) {
    const int64_t rows = all ? steps.total() : steps.steps() > 0 ? steps.rows(0) : 0;
    rows_ = Tensor::empty(channels > 0 ? Shape{rows, channels} : Shape{rows}, like.dtype(), like.device());
  }
  explicit StepRows(const Tensor& rows) : all_(true), rows_(rows) {}
  View at(const TimeSteps& steps, int64_t t) const {
    return all_ ? rows_.view().slice(0, steps.begin(t), steps.end(t)) : rows_.view().slice(0, 0, steps.rows(t));
  }
  Tensor kept() const { return all_ ? rows_ : Tensor(); }

 private:
  bool all_;
  Tensor rows_;
};

View first_rows(const View& view, int64_t rows) { return view.slice(0, 0, rows); }

}  // namespace

LstmStates lstm(const Tensor& input, const LstmRecurrence& given, const TimeSteps& steps, const LstmForm& form,
                LstmKeep keep) {
  check_inputs(input, given, steps);
  LstmRecurrence in = given;
  for (Tensor* t : {&in.bias, &in.product_weight, &in.product_bias, &in.cell_weight, &in.cell_bias, &in.h0, &in.c0})
    if (t->defined()) *t = t->contiguous();
  const Tensor x = input.contiguous();
  const int64_t hidden = in.weight.size(1);
  const bool gradient = keep == LstmKeep::gradient || keep == LstmKeep::gradient_and_cells;
  const bool cells = keep == LstmKeep::cells || keep == LstmKeep::gradient_and_cells;
  const bool normed = in.normed();
  LstmStates made;
  if (cells) {
    made.both = Tensor::empty({2, x.size(0), hidden}, x.dtype(), x.device());
    made.h = made.both.slice(0, 0, 1).squeeze(0);
    made.c = made.both.slice(0, 1, 2).squeeze(0);
  } else {
    made.h = Tensor::empty({x.size(0), hidden}, x.dtype(), x.device());
  }
  // Without a gradient a step's cells take the place of those before.
  const StepRows c = made.c.defined() ? StepRows(made.c) : StepRows(gradient, x, steps, hidden);
  const StepRows gates = gradient || normed ? StepRows(gradient, x, steps, 4 * hidden) : StepRows(Tensor());
  const StepRows recurrent(gradient && normed, x, steps, 4 * hidden);
  const auto of_norm = [&](int64_t channels) {
    return normed ? StepRows(gradient, x, steps, channels) : StepRows(Tensor());
  };
  const StepRows sum = of_norm(hidden), product_mean = of_norm(0), product_rstd = of_norm(0), cell_mean = of_norm(0),
                 cell_rstd = of_norm(0);
  const Tensor scaled = normed ? Tensor::empty({steps.sequences(), 4 * hidden}, x.dtype(), x.device()) : Tensor();
  const Tensor squashed = normed ? Tensor::empty({steps.sequences(), hidden}, x.dtype(), x.device()) : Tensor();
  Tensor h0 = in.h0;
  if (normed && !h0.defined()) h0 = Tensor::zeros({steps.sequences(), hidden}, x.dtype(), x.device());

  Backend& backend = x.backend();
  View h_before = h0.view(), c_before = in.c0.view();
  for (int64_t t = 0; t < steps.steps() && hidden > 0; ++t) {
    const int64_t rows = steps.rows(t);
    const View h = made.h.view().slice(0, steps.begin(t), steps.end(t));
    const View c_now = c.at(steps, t), product_now = recurrent.at(steps, t);
    const View gates_now = gradient || normed ? gates.at(steps, t) : View();
    LstmCellArgs cell;
    cell.order = form.order;
    cell.x = x.view().slice(0, steps.begin(t), steps.end(t));
    if (h_before.block) {
      product(product_now, first_rows(h_before, rows), in.weight, normed ? in.bias : Tensor());
      cell.recurrent = &product_now;
    }
    View c_last;
    if (c_before.block) {
      c_last = first_rows(c_before, rows);
      cell.c_before = &c_last;
    }
    if (gates_now.block) cell.gates = &gates_now;
    if (!normed) {
      if (in.bias.defined()) cell.bias = &in.bias.view();
      cell.c = c_now;
      cell.h = &h;
      lstm_cell(backend, cell);
    } else {
      const View scaled_now = first_rows(scaled.view(), rows), squashed_now = first_rows(squashed.view(), rows);
      layer_norm(scaled_now, product_now, in.product_weight, in.product_bias, form.product_eps,
                 product_mean.at(steps, t), product_rstd.at(steps, t));
      cell.recurrent = &scaled_now;
      cell.c = sum.at(steps, t);
      lstm_cell(backend, cell);
      layer_norm(c_now, cell.c, in.cell_weight, in.cell_bias, form.cell_eps, cell_mean.at(steps, t),
                 cell_rstd.at(steps, t));
      count_launch("unary");
      backend.unary(UnaryOp::tanh, squashed_now, c_now, {});
      const int64_t place = output_gate(form.order);
      count_launch("binary");
      backend.binary(BinaryOp::mul, h, gates_now.slice(1, place * hidden, (place + 1) * hidden), squashed_now);
    }
    h_before = h;
    c_before = c_now;
  }
  if (gradient) {
    made.c = c.kept();
    made.gates = gates.kept();
    if (normed) {
      made.product = {{}, recurrent.kept(), product_mean.kept(), product_rstd.kept()};
      made.cell = {{}, sum.kept(), cell_mean.kept(), cell_rstd.kept()};
    }
  }
  return made;
}

}  // namespace thaw
