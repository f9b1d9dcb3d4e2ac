// SPDX-License-Identifier: Apache-2.0
// Hands all tensors to the backend's SGD in one call.
#include "nn/optim/sgd.h"

#include <utility>

#include "tensor/backend.h"
#include "tensor/check.h"
#include "tensor/counters.h"

namespace thaw {

std::vector<OptionField> SgdOptions::fields() {
  return {{"momentum", &momentum, "SGD's decay of the sum of gradients; 0: none is kept", {0, 1, false, true}},
          {"nesterov", &nesterov, "SGD looks ahead along its momentum (Nesterov 1983)"},
          {"weight_decay", &weight_decay, "decay of weights (not of biases and norms)"}};
}

Sgd::Sgd(ParameterStore& store, SgdOptions options, ParameterRules rules)
    : Optimizer(store,
                {name, options.fields(), options.weight_decay,
                 [keep = options.momentum != 0](const Shape& shape) {
                   return keep ? std::map<std::string, Shape>{{"momentum", shape}} : std::map<std::string, Shape>{};
                 }},
                std::move(rules)),
      options_(options) {
  check(!options.nesterov || options.momentum > 0, "sgd: nesterov needs a momentum");
}

void Sgd::update(std::span<const Item> items, const Update& update) {
  std::vector<OptimizerTensor> tensors;
  for (const Item& item : items) {
    OptimizerTensor& t = tensors.emplace_back();
    t.param = item.value.view();
    t.grad = item.grad.view();
    if (options_.momentum != 0) t.first = item.state.at("momentum").view();
    t.weight_decay = item.weight_decay;
  }
  count_launch("sgd");
  backend().sgd({tensors, update.learning_rate, options_.momentum, options_.nesterov, update.step,
                 view_of(update.scale), view_of(update.guard)});
}

}  // namespace thaw
