// SPDX-License-Identifier: Apache-2.0
// Rows are ordered by time once, for all layers; of each layer one product makes what its inputs give to the gates.
#include "nn/lstm.h"

#include <algorithm>
#include <cmath>

#include "nn/checkpoint_block.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void check_options(const Scope& s, const LstmOptions& options) {
  check(options.in > 0 && options.hidden > 0 && options.layers > 0, "{}: an LSTM of {} layers, {} to {} channels",
        s.path(), options.layers, options.in, options.hidden);
  check(!options.layer_norm || options.bias, "{}: an LSTM with layer norms has biases", s.path());
  check(!options.unbiased_variance || options.hidden > 1, "{}: the unbiased variance of one channel", s.path());
}

// (s - mean) / sqrt(v n / (n - 1) + eps) is the usual norm with eps (n - 1) / n, times sqrt((n - 1) / n).
double eps_of(const LstmOptions& options, int64_t channels) {
  const auto n = static_cast<double>(channels);
  return options.unbiased_variance ? options.eps * (n - 1) / n : options.eps;
}

Variable weight_of(const LstmOptions& options, const LayerNorm& norm) {
  const auto n = static_cast<double>(norm.weight.value().size(0));
  return options.unbiased_variance ? scale(norm.weight, std::sqrt((n - 1) / n)) : norm.weight.variable();
}

// in: x [T, in] by time, h0, c0
Variable layer_of(const LstmOptions& options, const Lstm::Layer& layer, const std::vector<Variable>& in,
                  const TimeSteps& steps, bool cells) {
  Variable products = layer.input(in[0]);
  LstmVariables recurrence{.weight = layer.weight, .h0 = in[1], .c0 = in[2]};
  if (layer.bias.defined()) recurrence.bias = layer.bias;
  LstmForm form{.order = options.gates};
  if (options.layer_norm) {
    form.product_eps = eps_of(options, 4 * options.hidden);
    form.cell_eps = eps_of(options, options.hidden);
    products = norm(products, {}, weight_of(options, layer.input_norm), layer.input_norm.bias,
                    {NormKind::layer, form.product_eps, {}});
    recurrence.product_weight = weight_of(options, layer.product_norm);
    recurrence.product_bias = layer.product_norm.bias;
    recurrence.cell_weight = weight_of(options, layer.cell_norm);
    recurrence.cell_bias = layer.cell_norm.bias;
  }
  return lstm(products, recurrence, steps, form, cells);
}

// The states behind the last rows; those of empty sequences are the initial ones.
Variable last_of(const Variable& rows, const Variable& initial, const TimeSteps& steps) {
  const auto last = steps.last().host();
  const bool any_empty = std::ranges::any_of(last, [&](int32_t row) { return row >= steps.total(); });
  if (!any_empty) return take_rows(rows, steps.last());
  const Tensor& value = rows.value();
  const Variable first =
      initial.defined() ? initial
                        : Variable(Tensor::zeros({steps.sequences(), rows.size(1)}, value.dtype(), value.device()));
  return take_rows(concat({rows, first}, 0), steps.last());
}

// One of [2, T, H].
Variable half(const Variable& both, int64_t which) {
  return reshape(slice(both, 0, which, which + 1), {both.size(1), both.size(2)});
}

}  // namespace

Lstm::Lstm(const Scope& s, const LstmOptions& how) : options(how), scope(s), dropout(s, how.dropout) {
  check_options(s, how);
  const int64_t gates = 4 * how.hidden;
  const double bound = 1 / std::sqrt(static_cast<double>(how.hidden));
  const Init init = Init::uniform(-bound, bound);
  for (int64_t l = 0; l < how.layers; ++l) {
    const std::string suffix = "_l" + std::to_string(l);
    const auto parameter = [&](const char* name, const Shape& shape) {
      return s.parameter(name + suffix, shape, init);
    };
    Layer layer(s / ("ih" + suffix));
    const Parameter weight = parameter("weight_ih", {gates, l == 0 ? how.in : how.hidden});
    layer.weight = parameter("weight_hh", {gates, how.hidden});
    Parameter bias;
    if (how.bias) {
      bias = parameter("bias_ih", {gates});
      layer.bias = parameter("bias_hh", {gates});
    }
    layer.input = Linear(layer.input_scope, weight, bias);
    if (how.layer_norm) {
      layer.input_norm = LayerNorm(s / ("norm_ih" + suffix), gates);
      layer.product_norm = LayerNorm(s / ("norm_hh" + suffix), gates);
      layer.cell_norm = LayerNorm(s / ("norm_c" + suffix), how.hidden);
    }
    layers.push_back(std::move(layer));
  }
}

bool Lstm::Layer::any_trained() const {
  const auto trained = [](const Parameter& parameter) { return parameter.defined() && parameter.variable().tracked(); };
  for (const LayerNorm* norm : {&input_norm, &product_norm, &cell_norm})
    if (trained(norm->weight) || trained(norm->bias)) return true;
  return trained(input.weight) || trained(input.bias) || trained(weight) || trained(bias) || input_scope.any_trained();
}

Variable Lstm::operator()(const Variable& x, const Segments& segments) const {
  return run(x, segments, {}, false).rows;
}

Lstm::Result Lstm::run(const Variable& x, const Segments& segments, const std::vector<LstmState>& initial) const {
  return run(x, segments, initial, true);
}

Lstm::Result Lstm::run(const Variable& x, const Segments& segments, const std::vector<LstmState>& initial,
                       bool wants_last) const {
  check(x.defined(), "{}: the input is undefined", scope.path());
  check(x.value().rank() == 2 && x.size(0) == segments.total(), "{}: input {} for {} rows", scope.path(), x.shape(),
        segments.total());
  check(initial.empty() || initial.size() == layers.size(), "{}: initial states of {} layers for {}", scope.path(),
        initial.size(), layers.size());
  const TimeSteps steps(segments);
  Result result;
  Variable rows = rows_by_time(x, steps);
  bool trained = x.tracked();
  for (size_t l = 0; l < layers.size(); ++l) {
    // With nothing to train in it or below it, what a layer gives is no matter of chance (frozen_block.h).
    if (l > 0 && trained) rows = dropout(rows);
    LstmState first;
    if (!initial.empty()) {
      first = initial[l];
      for (Variable* state : {&first.h, &first.c})
        if (state->defined()) *state = take_rows(*state, steps.by_length());
    }
    trained = trained || layers[l].any_trained() || (first.h.defined() && first.h.tracked()) ||
              (first.c.defined() && first.c.tracked());
    const Variable made =
        checkpoint_block(options.checkpoint, scope, {rows, first.h, first.c},
                         [how = options, layer = layers[l], steps, wants_last](const std::vector<Variable>& in) {
                           return layer_of(how, layer, in, steps, wants_last);
                         });
    rows = wants_last ? half(made, 0) : made;
    if (wants_last) result.last.push_back({last_of(rows, first.h, steps), last_of(half(made, 1), first.c, steps)});
  }
  result.rows = rows_by_text(rows, steps);
  return result;
}

}  // namespace thaw
