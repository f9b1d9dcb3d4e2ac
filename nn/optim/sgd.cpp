// SPDX-License-Identifier: Apache-2.0
// Hands all tensors to the backend's SGD in one call.
#include "nn/optim/sgd.h"

#include "tensor/backend.h"

namespace thaw {

Sgd::Sgd(ParameterStore& store, const SgdOptions& options)
    : Optimizer(store, options.weight_decay,
                options.momentum != 0 ? std::vector<std::string>{"first"} : std::vector<std::string>{}),
      options_(options) {}

void Sgd::update(std::span<const OptimizerTensor> tensors, double learning_rate, int64_t step, const View* scale) {
  backend().sgd({tensors, learning_rate, options_.momentum, options_.nesterov, step, scale});
}

}  // namespace thaw
