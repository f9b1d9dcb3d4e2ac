// SPDX-License-Identifier: Apache-2.0
// Hands all tensors to the backend's AdamW in one call.
#include "nn/optim/adamw.h"

#include "tensor/backend.h"

namespace thaw {

AdamW::AdamW(ParameterStore& store, const AdamWOptions& options)
    : Optimizer(store, options.weight_decay, {"first", "second"}), options_(options) {}

void AdamW::update(std::span<const OptimizerTensor> tensors, double learning_rate, int64_t step, const View* scale) {
  backend().adamw({tensors, learning_rate, options_.beta1, options_.beta2, options_.eps, step, scale});
}

}  // namespace thaw
