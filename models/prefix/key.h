// SPDX-License-Identifier: Apache-2.0
// Texts known again by what a model sees of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/text/encoding.h"

namespace thaw {

// 128 bits of a SHA-256: two texts, or two sets of weights, that differ never have the same one.
struct Key128 {
  std::array<uint64_t, 2> bits{};
  bool operator==(const Key128&) const = default;
};

// For tables of the standard library.
struct HashOfKey {
  size_t operator()(const Key128& key) const { return static_cast<size_t>(key.bits[0]); }
};

// Of the numbers of a text's tokens and their segment types, and of rows of what is no text.
Key128 text_key(const Encoding& text);

}  // namespace thaw
