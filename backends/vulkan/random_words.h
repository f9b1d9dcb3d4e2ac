// SPDX-License-Identifier: Apache-2.0
// A random key as shaders take it.
#pragma once

#include <array>
#include <cstdint>

#include "tensor/random_key.h"

namespace thaw::vulkan {

// seed low, seed high, stream low, stream high
using KeyWords = std::array<uint32_t, 4>;

constexpr KeyWords key_words(RandomKey key) {
  return {static_cast<uint32_t>(key.seed), static_cast<uint32_t>(key.seed >> 32), static_cast<uint32_t>(key.stream),
          static_cast<uint32_t>(key.stream >> 32)};
}

}  // namespace thaw::vulkan
