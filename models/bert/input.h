// SPDX-License-Identifier: Apache-2.0
// BertInput: packed texts as BERT takes them, with the segment type of each token and the row of each text's first
// one. B texts, T tokens in all.
#pragma once

#include <span>
#include <vector>

#include "autograd/variable.h"
#include "models/packed_text.h"

namespace thaw {

struct BertInput : PackedText {
  Indices type_ids;            // [T]
  int32_t first_position = 0;  // of a text's rows
  Indices first_tokens;        // [B]: row of each text's first token ([CLS])
  Segments first_segments;     // of those rows by themselves: one a text
  Variable rows;               // [T, C]: what stands there instead of the vectors of words (ids are not read then)

  // Only of a batch that kept its padding (question_answering.h): the rows that are text, and where each text lies
  // among them. Padding attends to its text like any token, and nothing attends to padding.
  Indices text_rows;
  Segments text_segments;
  bool keeps_padding() const { return text_rows.size() > 0; }

  // Only of texts behind a prompt (PromptedRows): the rows' order, and where those of the texts are.
  Indices prompted_order, prompted_texts;
  // The same texts with n rows before each, as the reference library has them: these are their text's first n
  // positions, of type 0, and its first rows are the prompt's. ids and cells stay those of the texts.
  BertInput behind_prompt(int64_t n) const;

  // Errors as in PackedText.
  static BertInput from_encodings(std::span<const Encoding* const> encodings, Device device);
  static BertInput from_encodings(const std::vector<Encoding>& encodings, Device device);
  static BertInput from_padded(const PaddedText& padded, Device device);

  // Sequences of such rows, all of type 0.
  static BertInput from_rows(const PackedRows& where, const Variable& rows, Device device);

  // What makes a batch of tokens, types and first rows an input.
  BertInput() = default;
  BertInput(PackedText text, std::vector<int32_t> types, std::vector<int32_t> firsts, Device device);
};

}  // namespace thaw
