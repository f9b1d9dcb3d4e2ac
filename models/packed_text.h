// SPDX-License-Identifier: Apache-2.0
// PackedText: a batch of tokenized texts without padding, as models take it. B texts, T tokens in all, S the longest
// text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/text/encoding.h"
#include "tensor/segments.h"

namespace thaw {

// A batch as other libraries lay it out: B rows of S cells, row-major.
struct PaddedText {
  int64_t rows = 0, columns = 0;  // B, S
  std::vector<int32_t> ids;       // [B S]
  std::vector<int32_t> type_ids;  // [B S]; empty: all 0
  std::vector<int32_t> mask;      // [B S]: 0 where there is padding; empty: none
};

struct PackedText {
  Indices ids, type_ids, positions;  // [T]; a position is the token's number in its text (its column in a padded batch)
  Segments segments;                 // where each text lies in them
  Indices first_tokens;              // [B]: row of each text's first token ([CLS])
  Segments first_segments;           // of those rows by themselves: one a text
  std::vector<int32_t> cells;        // [T]: of a padded batch: the cell b * S + s of each token; else empty

  // Only of a batch that kept its padding: the rows that are text, and where each text lies among them. Padding attends
  // to its text like any token, and nothing attends to padding.
  Indices text_rows;
  Segments text_segments;
  bool keeps_padding() const { return text_rows.size() > 0; }

  int64_t texts() const { return segments.count(); }
  int64_t tokens() const { return segments.total(); }

  // Errors (std::invalid_argument) name the text: one without tokens has no first token.
  static PackedText from_encodings(std::span<const Encoding* const> encodings, Device device);
  static PackedText from_encodings(const std::vector<Encoding>& encodings, Device device);

  // drop: the padding is left out. keep: it stays, for losses that the reference takes over whole padded rows (question
  // answering).
  enum class Padding { drop, keep };
  static PackedText from_padded(const PaddedText& padded, Device device, Padding padding = Padding::drop);

  // The entries of a padded [B, S] array that belong to this batch's tokens: labels of tokens.
  std::vector<int32_t> pick(std::span<const int32_t> padded) const;
};

}  // namespace thaw
