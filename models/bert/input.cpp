// SPDX-License-Identifier: Apache-2.0
// Adds to packed texts what BERT alone wants to know.
#include "models/bert/input.h"

#include <utility>

namespace thaw {

BertInput::BertInput(PackedText text, std::vector<int32_t> types, std::vector<int32_t> firsts, Device device)
    : PackedText(std::move(text)),
      type_ids(std::move(types), device),
      first_tokens(std::move(firsts), device),
      first_segments(std::vector<int32_t>(static_cast<size_t>(count()), 1), device) {}

BertInput BertInput::from_encodings(std::span<const Encoding* const> encodings, Device device) {
  PackedText text = PackedText::from_encodings(encodings, device);
  std::vector<int32_t> types;
  for (const Encoding* encoding : encodings)
    types.insert(types.end(), encoding->type_ids.begin(), encoding->type_ids.end());
  std::vector<int32_t> firsts = text.first_rows();
  return {std::move(text), std::move(types), std::move(firsts), device};
}

BertInput BertInput::from_encodings(const std::vector<Encoding>& encodings, Device device) {
  return from_encodings(pointers_to(encodings), device);
}

BertInput BertInput::from_padded(const PaddedText& padded, Device device) {
  PackedText text = PackedText::from_padded(padded, device);
  std::vector<int32_t> types =
      padded.type_ids.empty() ? std::vector<int32_t>(static_cast<size_t>(text.total()), 0) : text.pick(padded.type_ids);
  std::vector<int32_t> firsts = text.first_rows();
  return {std::move(text), std::move(types), std::move(firsts), device};
}

}  // namespace thaw
