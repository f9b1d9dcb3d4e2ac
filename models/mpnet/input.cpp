// SPDX-License-Identifier: Apache-2.0
// Counts positions.
#include "models/mpnet/input.h"

#include <cstdint>
#include <utility>

#include "models/mpnet/config.h"

namespace thaw {

MPNetInput::MPNetInput(BertInput text) : BertInput(std::move(text)) {
  first_position = MPNetConfig::padding + 1;
  std::vector<int32_t> at;
  for (int64_t b = 0; b < count(); ++b) {
    int32_t next = first_position;
    for (int32_t t = segments.begin(b); t < segments.end(b); ++t) {
      const bool is_padding = ids.size() > 0 && ids.host()[static_cast<size_t>(t)] == MPNetConfig::padding;
      at.push_back(is_padding ? MPNetConfig::padding : next++);
    }
  }
  positions = Indices(std::move(at), type_ids.device().device());
}

MPNetInput MPNetInput::from_encodings(std::span<const Encoding* const> encodings, Device device) {
  return MPNetInput(BertInput::from_encodings(encodings, device));
}

MPNetInput MPNetInput::from_encodings(const std::vector<Encoding>& encodings, Device device) {
  return from_encodings(pointers_to(encodings), device);
}

MPNetInput MPNetInput::from_padded(const PaddedText& padded, Device device) {
  return MPNetInput(BertInput::from_padded(padded, device));
}

}  // namespace thaw
