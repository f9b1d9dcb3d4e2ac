// SPDX-License-Identifier: Apache-2.0
// Hands all tensors to the backend's AdamW in one call.
#include "nn/optim/adamw.h"

#include <utility>

#include "tensor/backend.h"
#include "tensor/counters.h"

namespace thaw {

std::vector<OptionField> AdamWOptions::fields() {
  return {{"adam_beta1", &beta1, "AdamW's decay of the mean gradient", {0, 1, false, true}},
          {"adam_beta2", &beta2, "AdamW's decay of the mean square gradient", {0, 1, false, true}},
          {"adam_epsilon", &eps, "AdamW's epsilon", {.least_open = true}},
          {"weight_decay", &weight_decay, "decay of weights (not of biases and norms)"}};
}

AdamW::AdamW(ParameterStore& store, AdamWOptions options, ParameterRules rules)
    : Optimizer(store,
                {name, options.fields(), options.weight_decay,
                 [](const Shape& shape) {
                   return std::map<std::string, Shape>{{"first", shape}, {"second", shape}};
                 }},
                std::move(rules)),
      options_(options) {}

void AdamW::update(std::span<const Item> items, const Update& update) {
  std::vector<OptimizerTensor> tensors;
  for (const Item& item : items) {
    OptimizerTensor& t = tensors.emplace_back();
    t.param = item.value.view();
    t.grad = item.grad.view();
    t.first = item.state.at("first").view();
    t.second = item.state.at("second").view();
    t.weight_decay = item.weight_decay;
  }
  count_launch("adamw");
  backend().adamw({tensors, update.learning_rate, options_.beta1, options_.beta2, options_.eps, update.step,
                   view_of(update.scale), view_of(update.guard)});
}

}  // namespace thaw
