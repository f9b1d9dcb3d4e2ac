// SPDX-License-Identifier: Apache-2.0
// The optimizers there are, by name: for programs that let their users choose.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nn/optim/optimizer.h"

namespace thaw {

// An optimizer that is not made yet.
class OptimizerChoice {
 public:
  virtual ~OptimizerChoice() = default;
  // Its options; their fields are this object's, which make() reads.
  virtual std::vector<OptionField> options() = 0;
  virtual std::unique_ptr<Optimizer> make(ParameterStore& store, ParameterRules rules = {}) const = 0;
};

std::vector<std::string> optimizer_names();
// With the defaults of the Hugging Face Trainer. std::invalid_argument that lists near names if there is none.
std::unique_ptr<OptimizerChoice> choose_optimizer(std::string_view name);

}  // namespace thaw
