// SPDX-License-Identifier: Apache-2.0
// Looks at biases and norms, up to the first that was trained.
#include "models/tasks/untrained_model.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "nn/adapters.h"

namespace thaw {

namespace {

// By the names that all families give them, and the one dimension that factors of norms have.
bool is_bias_or_norm(const Parameter& parameter) {
  const std::string& name = parameter.name();
  return parameter.value().rank() == 1 && parameter.value().numel() > 1 &&
         (name.ends_with(".bias") || name.ends_with(".weight"));
}

}  // namespace

bool looks_untrained(const ParameterStore& store) {
  if (!adapter_parameters(store).empty()) return false;
  bool has_vectors = false;
  for (const Parameter& parameter : store.all()) {
    if (!is_bias_or_norm(parameter)) continue;
    has_vectors = true;
    const std::vector<float> numbers = parameter.value().to_host<float>();
    if (std::ranges::adjacent_find(numbers, std::not_equal_to()) != numbers.end()) return false;
  }
  return has_vectors;
}

}  // namespace thaw
