// SPDX-License-Identifier: Apache-2.0
// Stochastic gradient descent with momentum as torch computes it; the formula is above SgdArgs (tensor/kernel_args.h).
#pragma once

#include <vector>

#include "nn/optim/optimizer.h"

namespace thaw {

struct SgdOptions {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
  std::vector<OptionField> fields();
};

class Sgd : public Optimizer {
 public:
  using Options = SgdOptions;
  static constexpr const char* name = "sgd";
  // std::invalid_argument: Nesterov's step without momentum.
  explicit Sgd(ParameterStore& store, SgdOptions options = {}, ParameterRules rules = {});

 private:
  void update(std::span<const Item> items, const Update& update) override;
  SgdOptions options_;
};

}  // namespace thaw
