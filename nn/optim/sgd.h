// SPDX-License-Identifier: Apache-2.0
// Stochastic gradient descent with momentum as torch computes it; the formula is above SgdArgs (tensor/kernel_args.h).
#pragma once

#include "nn/optim/optimizer.h"

namespace thaw {

struct SgdOptions {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
};

class Sgd : public Optimizer {
 public:
  explicit Sgd(ParameterStore& store, const SgdOptions& options = {});

 private:
  void update(std::span<const Item> items, const Update& update) override;
  SgdOptions options_;
};

}  // namespace thaw
