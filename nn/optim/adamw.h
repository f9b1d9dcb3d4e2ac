// SPDX-License-Identifier: Apache-2.0
// AdamW (Loshchilov & Hutter 2019), step by step as torch computes it; the formula is above AdamWArgs
// (tensor/kernel_args.h).
#pragma once

#include <vector>

#include "nn/optim/optimizer.h"

namespace thaw {

struct AdamWOptions {
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0;
  std::vector<OptionField> fields();
};

class AdamW : public Optimizer {
 public:
  using Options = AdamWOptions;
  static constexpr const char* name = "adamw";
  explicit AdamW(ParameterStore& store, AdamWOptions options = {}, ParameterRules rules = {});

 private:
  void update(std::span<const Item> items, const Update& update) override;
  AdamWOptions options_;
};

}  // namespace thaw
