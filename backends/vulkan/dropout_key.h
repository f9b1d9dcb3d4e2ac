// SPDX-License-Identifier: Apache-2.0
// A dropout as the kernels take it.
#pragma once

#include <cstdint>

#include "backends/vulkan/random_words.h"
#include "tensor/random_key.h"

namespace thaw::vulkan {

// The same struct as in shaders/dropout.glsl.
struct DropoutKey {
  float probability, factor;
  KeyWords words;
};

inline DropoutKey dropout_key(const Dropout& dropout) {
  return {dropout.probability, 1 / (1 - dropout.probability), key_words(dropout.key)};
}

}  // namespace thaw::vulkan
