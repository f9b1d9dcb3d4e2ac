// SPDX-License-Identifier: Apache-2.0
// Rows before texts, and the row by which a text is classified.
#include "models/gpt/input.h"

#include "nn/soft_prompt.h"

namespace thaw {

GptInput GptInput::from_encodings(std::span<const Encoding* const> encodings, Device device) {
  return GptInput(PackedText::from_encodings(encodings, device));
}

GptInput GptInput::from_encodings(const std::vector<Encoding>& encodings, Device device) {
  return from_encodings(pointers_to(encodings), device);
}

GptInput GptInput::from_padded(const PaddedText& padded, Device device) {
  return GptInput(PackedText::from_padded(padded, device));
}

GptInput GptInput::from_rows(const PackedRows& where, const Variable& rows) {
  GptInput input;
  static_cast<PackedRows&>(input) = where;
  input.rows = rows;
  return input;
}

GptInput GptInput::behind_prompt(int64_t n) const {
  const PromptedRows prompted(segments, n);
  const auto prompt = static_cast<int32_t>(n);
  std::vector<int32_t> at;
  for (const int32_t source : prompted.order.host())
    at.push_back(source < prompt ? source : positions.host()[static_cast<size_t>(source - prompt)] + prompt);
  GptInput input = *this;
  input.positions = Indices(std::move(at), positions.device().device());
  input.segments = prompted.segments;
  input.prompted_order = prompted.order;
  input.prompted_texts = prompted.texts;
  return input;
}

std::vector<int32_t> GptInput::read_rows(const std::optional<int64_t>& padding) const {
  std::vector<int32_t> read = last_rows();
  if (!padding) return read;
  const std::span<const int32_t> tokens = ids.host();
  const int32_t before = prompted_texts.size() > 0 ? prompted_texts.host()[0] : 0;  // rows of the prompt
  size_t begin = 0;                                                                 // of the text among the tokens
  for (size_t b = 0; b < read.size(); ++b) {
    const auto length = static_cast<size_t>(segments.length(static_cast<int64_t>(b)) - before);
    size_t left = length;  // tokens up to the one that is read
    while (left > 1 && tokens[begin + left - 1] == *padding) --left;
    read[b] -= static_cast<int32_t>(length - left);
    begin += length;
  }
  return read;
}

}  // namespace thaw
