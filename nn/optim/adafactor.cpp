// SPDX-License-Identifier: Apache-2.0
// One parameter after the other; no number leaves the device.
#include "nn/optim/adafactor.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

Tensor mean_over(const Tensor& x, int axis, bool keep = false) { return mean(x, {axis}, keep); }

// []: sqrt(mean(x^2))
Tensor rms(const Tensor& x) {
  return unary(UnaryOp::sqrt,
               sum_all(unary(UnaryOp::square, x), 1 / static_cast<double>(std::max<int64_t>(1, x.numel()))));
}

Tensor at_least(const Tensor& x, double least) {
  return binary(BinaryOp::max, x, Tensor::full(x.shape(), least, x.dtype(), x.device()));
}

// average = keep average + (1 - keep) x, in place
void blend(const Tensor& average, const Tensor& x, double keep) {
  average.copy_from(add(scale(average, keep), scale(x, 1 - keep)));
}

}  // namespace

std::vector<OptionField> AdafactorOptions::fields() {
  return {{"scale_parameter", &scale_parameter, "Adafactor multiplies the rate by a parameter's root mean square"},
          {"beta1", &beta1, "Adafactor's decay of the mean update; 0: none is kept", {0, 1, false, true}},
          {"decay_rate", &decay_rate, "Adafactor's mean squares forget with 1 - step ^ this", {-1, 0}},
          {"clip_threshold", &clip_threshold, "of the root mean square of Adafactor's update", {.least_open = true}},
          {"weight_decay", &weight_decay, "decay of weights (not of biases and norms)"}};
}

namespace {

// All of them. A rate that no schedule reaches is nothing to choose for a run that has one.
std::vector<OptionField> own_fields(AdafactorOptions& options) {
  std::vector<OptionField> fields = options.fields();
  fields.push_back({"relative_step", &options.relative_step, "the rate is 1 / sqrt(step), whatever the schedule says"});
  fields.push_back({"warmup_init", &options.warmup_init, "... and at most 1e-6 times the step"});
  return fields;
}

}  // namespace

Adafactor::Adafactor(ParameterStore& store, AdafactorOptions options, ParameterRules rules)
    : Optimizer(store,
                {name, own_fields(options), options.weight_decay,
                 [momentum = options.beta1 != 0](const Shape& shape) {
                   std::map<std::string, Shape> state;
                   if (shape.rank() >= 2) {
                     state = {{"row", shape.without(shape.rank() - 1)}, {"column", shape.without(shape.rank() - 2)}};
                   } else {
                     state = {{"square", shape}};
                   }
                   if (momentum) state.emplace("momentum", shape);
                   return state;
                 }},
                std::move(rules)),
      options_(options) {
  check(!options.warmup_init || options.relative_step, "adafactor: warmup_init needs relative_step");
}

// [] on the device
Tensor Adafactor::rate_of(const Tensor& value, const Update& update) const {
  const auto t = static_cast<double>(update.step);
  const double relative = std::min(options_.warmup_init ? 1e-6 * t : 1e-2, 1 / std::sqrt(t));
  const double rate = options_.relative_step ? relative * update.rate_factor : update.learning_rate;
  if (!options_.scale_parameter) return Tensor::full({}, rate, value.dtype(), value.device());
  return scale(at_least(rms(value), 1e-3), rate);
}

void Adafactor::update(std::span<const Item> items, const Update& update) {
  const double keep = 1 - std::pow(static_cast<double>(update.step), options_.decay_rate);
  // A finite number less itself is 0, all others give NaN.
  Tensor is_finite;
  if (update.guard.defined()) {
    const Tensor zero = sub(update.guard, update.guard);
    is_finite = binary(BinaryOp::equal, zero, zero);
  }
  for (const Item& item : items) {
    std::vector<std::pair<Tensor, Tensor>> before;  // of each tensor that is written, if there is a guard
    if (is_finite.defined()) {
      before.emplace_back(item.value, item.value.clone());
      for (const auto& [key, state] : item.state) before.emplace_back(state, state.clone());
    }
    const Tensor g = update.scale.defined() ? mul(item.grad, update.scale) : item.grad;
    const Tensor square = affine(unary(UnaryOp::square, g), 1, 1e-30);
    Tensor u;
    if (g.rank() >= 2) {
      const Tensor &row = item.state.at("row"), &column = item.state.at("column");
      blend(row, mean_over(square, -1), keep);
      blend(column, mean_over(square, -2), keep);
      const Tensor r = unary(UnaryOp::rsqrt, div(row, mean_over(row, -1, true))).unsqueeze(-1);
      u = mul(g, mul(r, unary(UnaryOp::rsqrt, column).unsqueeze(-2)));
    } else {
      blend(item.state.at("square"), square, keep);
      u = mul(g, unary(UnaryOp::rsqrt, item.state.at("square")));
    }
    const Tensor rate = rate_of(item.value, update);
    u = mul(u, div(rate, at_least(scale(rms(u), 1 / options_.clip_threshold), 1)));
    if (options_.beta1 != 0) {
      blend(item.state.at("momentum"), u, options_.beta1);
      u = item.state.at("momentum");
    }
    if (item.weight_decay != 0) binary_(BinaryOp::sub, item.value, mul(item.value, scale(rate, item.weight_decay)));
    binary_(BinaryOp::sub, item.value, u);
    for (const auto& [tensor, old] : before) tensor.copy_from(where(is_finite, tensor, old));
  }
}

}  // namespace thaw
