// SPDX-License-Identifier: Apache-2.0
// The recurrence backward: from the last step to the first a cell, then a product; what is summed over steps (weights,
// biases) is made of all rows at once behind that.
#include "tensor/counters.h"
#include "tensor/lstm.h"
#include "tensor/operands.h"

namespace thaw {
namespace {

// dx of a norm of some rows.
void norm_to_input(const View& dx, const View& dy, const NormResult& kept, const Tensor& weight, int64_t begin,
                   int64_t end) {
  const View mean = kept.mean.view().slice(0, begin, end), rstd = kept.rstd.view().slice(0, begin, end);
  NormBackwardArgs args;
  args.dy = dy;
  args.s = kept.sum.view().slice(0, begin, end);
  args.weight = &weight.view();
  args.mean = &mean;
  args.rstd = &rstd;
  args.dresidual = &dx;
  count_launch("norm_backward");
  weight.backend().norm_backward(args);
}

// The weight and the bias of a norm, over all rows.
void norm_to_weights(const Tensor& dy, const NormResult& kept, const Tensor& weight, bool wants_weight, bool wants_bias,
                     Tensor& dweight, Tensor& dbias) {
  if (!wants_weight && !wants_bias) return;
  const NormGradients made = norm_backward(dy, kept, weight, {}, {.weight = wants_weight, .bias = wants_bias});
  dweight = made.weight;
  dbias = made.bias;
}

// sum over steps of dz^T h_before
Tensor weight_gradient(const Tensor& dz, const Tensor& h, const Tensor& h0, const Tensor& weight,
                       const TimeSteps& steps) {
  const int64_t first = steps.steps() > 0 ? steps.rows(0) : 0, total = steps.total();
  Tensor sum;
  if (total > first) {
    const Tensor before = steps.even() ? h.slice(0, 0, total - first) : gather_rows(h, steps.before());
    sum = matmul(dz.slice(0, first, total).transpose(), before);
  } else {
    sum = Tensor::zeros(weight.shape(), dz.dtype(), dz.device());
  }
  if (h0.defined() && first > 0) matmul_add_(sum, dz.slice(0, 0, first).transpose(), h0.slice(0, 0, first));
  return sum;
}

class Recurrence {
 public:
  Recurrence(const LstmRecurrence& in, const LstmStates& kept, const TimeSteps& steps, const LstmForm& form)
      : in_(in),
        kept_(kept),
        steps_(steps),
        form_(form),
        hidden_(in.weight.size(1)),
        backend_(in.weight.backend()),
        dz_(empty(steps.total(), 4 * hidden_)),
        dproduct_(in.normed() ? empty(steps.total(), 4 * hidden_) : dz_),
        dnormed_(in.normed() ? empty(steps.total(), hidden_) : Tensor()),
        dh_(zeros()),
        dc_(zeros()) {
    if (in.normed())
      for (Tensor* t : {&dh_sum_, &dsquashed_}) *t = empty(steps.sequences(), hidden_);
  }

  void run(const Tensor& dh, const Tensor& dc, bool wants_h0) {
    for (int64_t t = steps_.steps() - 1; t >= 0; --t) {
      if (dc.defined()) add_to(now(dc_, t), of(dc, t));
      if (in_.normed()) {
        normed_cell(of(dh, t), t);
      } else {
        cell(of(dh, t), nullptr, now(dc_, t), t);
      }
      if (t > 0 || wants_h0) product(t);
    }
  }

  const Tensor& dz() const { return dz_; }              // [T, 4H], of the gates before their activations
  const Tensor& dproduct() const { return dproduct_; }  // [T, 4H], of the recurrent product with its bias
  const Tensor& dnormed() const { return dnormed_; }    // [T, H], of the cell's norm
  const Tensor& dh0() const { return dh_; }             // [B, H]
  const Tensor& dc0() const { return dc_; }

 private:
  Tensor empty(int64_t rows, int64_t channels) const {
    return Tensor::empty({rows, channels}, in_.weight.dtype(), in_.weight.device());
  }
  // Sequences that have ended add nothing.
  Tensor zeros() const { return Tensor::zeros({steps_.sequences(), hidden_}, in_.weight.dtype(), in_.weight.device()); }
  View of(const Tensor& all, int64_t t) const { return all.view().slice(0, steps_.begin(t), steps_.end(t)); }
  View now(const Tensor& state, int64_t t) const { return state.view().slice(0, 0, steps_.rows(t)); }
  void binary(BinaryOp op, const View& out, const View& a, const View& b) {
    count_launch("binary");
    backend_.binary(op, out, a, b);
  }
  void add_to(const View& sum, const View& x) { binary(BinaryOp::add, sum, sum, x); }

  void cell(const View& dh, const View* whole_dc, const View& dc, int64_t t) {
    const View more = now(dh_, t);
    LstmCellBackwardArgs args;
    args.order = form_.order;
    args.gates = of(kept_.gates, t);
    View before;
    if (t > 0 || in_.c0.defined()) {
      before = t > 0 ? of(kept_.c, t - 1).slice(0, 0, steps_.rows(t)) : now(in_.c0, t);
      args.c_before = &before;
    }
    args.c = of(kept_.c, t);
    args.dh1 = dh;
    args.normed = whole_dc != nullptr;
    if (!args.normed) args.dh2 = &more;
    args.dc = dc;
    args.dz = of(dz_, t);
    lstm_cell_backward(backend_, args);
  }

  // The cell is behind a norm: its gradient goes through that first.
  void normed_cell(const View& dh, int64_t t) {
    const View sum = now(dh_sum_, t), squashed = now(dsquashed_, t), dnormed = of(dnormed_, t), dc = now(dc_, t);
    const int64_t place = output_gate(form_.order);
    binary(BinaryOp::add, sum, dh, now(dh_, t));
    binary(BinaryOp::mul, squashed, sum, of(kept_.gates, t).slice(1, place * hidden_, (place + 1) * hidden_));
    count_launch("unary_backward");
    backend_.unary_backward(UnaryOp::tanh, dnormed, squashed, of(kept_.c, t), {});
    add_to(dnormed, dc);
    norm_to_input(dc, dnormed, kept_.cell, in_.cell_weight, steps_.begin(t), steps_.end(t));
    cell(sum, &dc, dc, t);
    norm_to_input(of(dproduct_, t), of(dz_, t), kept_.product, in_.product_weight, steps_.begin(t), steps_.end(t));
  }

  // dh of the step before.
  void product(int64_t t) {
    MatmulArgs args;
    args.out = now(dh_, t);
    args.a = of(dproduct_, t);
    args.b = in_.weight.view();
    args.constant_b = true;
    count_launch("matmul", 2.0 * static_cast<double>(args.a.numel()) * static_cast<double>(hidden_));
    backend_.matmul(args);
  }

  const LstmRecurrence& in_;
  const LstmStates& kept_;
  const TimeSteps& steps_;
  const LstmForm& form_;
  const int64_t hidden_;
  Backend& backend_;
  const Tensor dz_, dproduct_, dnormed_, dh_, dc_;
  Tensor dh_sum_, dsquashed_;
};

}  // namespace

LstmGradients lstm_backward(const Tensor& dh, const Tensor& dc, const LstmRecurrence& given, const LstmStates& kept,
                            const TimeSteps& steps, const LstmForm& form, const LstmWanted& wanted) {
  check_operand("lstm_backward", "the gradient", dh);
  LstmRecurrence in = given;
  for (Tensor* t : {&in.product_weight, &in.cell_weight, &in.h0, &in.c0})
    if (t->defined()) *t = t->contiguous();
  Recurrence recurrence(in, kept, steps, form);
  if (in.weight.numel() > 0) recurrence.run(dh.contiguous(), dc.defined() ? dc.contiguous() : dc, wanted.h0);
  LstmGradients made;
  if (wanted.x) made.x = recurrence.dz();
  if (wanted.weight) made.weight = weight_gradient(recurrence.dproduct(), kept.h, in.h0, in.weight, steps);
  if (wanted.bias) made.bias = sum_rows(recurrence.dproduct());
  if (in.normed()) {
    norm_to_weights(recurrence.dz(), kept.product, in.product_weight, wanted.product_weight, wanted.product_bias,
                    made.product_weight, made.product_bias);
    norm_to_weights(recurrence.dnormed(), kept.cell, in.cell_weight, wanted.cell_weight, wanted.cell_bias,
                    made.cell_weight, made.cell_bias);
  }
  if (wanted.h0) made.h0 = recurrence.dh0();
  if (wanted.c0) made.c0 = recurrence.dc0();
  return made;
}

}  // namespace thaw
