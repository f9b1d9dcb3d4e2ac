// SPDX-License-Identifier: Apache-2.0
// GptInput: packed texts as GPT takes them, maybe behind a prompt. B texts, T tokens in all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "models/packed_text.h"

namespace thaw {

struct GptInput : PackedText {
  // Only of texts behind a prompt (PromptedRows): the rows' order, and where those of the texts are.
  Indices prompted_order, prompted_texts;
  Variable rows;  // [T, C]: what stands there instead of the vectors of words (ids are not read then)

  GptInput() = default;
  explicit GptInput(PackedText text) : PackedText(std::move(text)) {}
  // Errors as in PackedText.
  static GptInput from_encodings(std::span<const Encoding* const> encodings, Device device);
  static GptInput from_encodings(const std::vector<Encoding>& encodings, Device device);
  static GptInput from_padded(const PaddedText& padded, Device device);

  // Sequences of such rows.
  static GptInput from_rows(const PackedRows& where, const Variable& rows);

  // The same texts with n rows before each, which are their text's positions 0 to n - 1. ids and cells stay those of
  // the texts.
  GptInput behind_prompt(int64_t n) const;

  // [B]: the row of each text's last token that is not `padding`, or of its first one if all are; none: of its last.
  std::vector<int32_t> read_rows(const std::optional<int64_t>& padding) const;
};

}  // namespace thaw
