// SPDX-License-Identifier: Apache-2.0
// Adds to packed texts what BERT alone wants to know.
#include "models/bert/input.h"

#include <utility>

#include "nn/soft_prompt.h"

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

BertInput BertInput::from_rows(const PackedRows& where, const Variable& rows, Device device) {
  PackedText text;
  static_cast<PackedRows&>(text) = where;
  std::vector<int32_t> firsts = where.first_rows();
  BertInput input(std::move(text), std::vector<int32_t>(static_cast<size_t>(where.total()), 0), std::move(firsts),
                  device);
  input.rows = rows;
  return input;
}

BertInput BertInput::behind_prompt(int64_t n) const {
  const PromptedRows prompted(segments, n);
  const auto prompt = static_cast<int32_t>(n);
  std::vector<int32_t> at, types;
  for (const int32_t source : prompted.order.host()) {
    const auto t = static_cast<size_t>(source - prompt);
    at.push_back(source < prompt ? first_position + source : positions.host()[t] + prompt);
    types.push_back(source < prompt ? 0 : type_ids.host()[t]);
  }
  const Device device = type_ids.device().device();
  BertInput input = *this;
  input.positions = Indices(std::move(at), device);
  input.type_ids = Indices(std::move(types), device);
  input.segments = prompted.segments;
  input.first_tokens = Indices(input.first_rows(), device);
  input.prompted_order = prompted.order;
  input.prompted_texts = prompted.texts;
  if (!keeps_padding()) return input;
  // What is read of padded texts: their prompts, too.
  std::vector<int32_t> read, lengths;
  for (int64_t b = 0; b < count(); ++b) {
    lengths.push_back(text_segments.length(b) + prompt);
    for (int32_t i = 0; i < prompt; ++i) read.push_back(input.segments.begin(b) + i);
    for (int32_t i = text_segments.begin(b); i < text_segments.end(b); ++i)
      read.push_back(prompted.texts.host()[static_cast<size_t>(text_rows.host()[static_cast<size_t>(i)])]);
  }
  input.text_rows = Indices(std::move(read), device);
  input.text_segments = Segments(lengths, device);
  return input;
}

}  // namespace thaw
