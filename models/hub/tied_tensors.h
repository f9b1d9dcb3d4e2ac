// SPDX-License-Identifier: Apache-2.0
// Tensors of a checkpoint that a model may have as one.
#pragma once

#include <string>

#include "models/hub/checkpoint_source.h"

namespace thaw {

// The checkpoint has both under these very names, with other numbers: they are not one.
inline bool differ(const CheckpointSource& source, const std::string& a, const std::string& b) {
  const SafetensorsEntry* x = source.find_own(a);
  const SafetensorsEntry* y = source.find_own(b);
  return x && y && !same_numbers(*x, *y);
}

}  // namespace thaw
