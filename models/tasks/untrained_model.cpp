// SPDX-License-Identifier: Apache-2.0
// Looks at vectors, up to the first that was trained.
#include "models/tasks/untrained_model.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "nn/adapters.h"

namespace thaw {

bool looks_untrained(const ParameterStore& store) {
  if (!adapter_parameters(store).empty()) return false;
  bool has_vectors = false;
  for (const Parameter& parameter : store.all()) {
    if (parameter.value().rank() != 1 || parameter.value().numel() < 2) continue;
    has_vectors = true;
    const std::vector<float> numbers = parameter.value().to_host<float>();
    if (std::ranges::adjacent_find(numbers, std::not_equal_to()) != numbers.end()) return false;
  }
  return has_vectors;
}

}  // namespace thaw
