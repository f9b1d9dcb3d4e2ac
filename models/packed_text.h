// SPDX-License-Identifier: Apache-2.0
// Sequences of a batch side by side, without padding: of rows of any kind, and of tokens. B sequences, T rows in all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/prefix/frozen_prefix.h"
#include "models/text/encoding.h"
#include "tensor/segments.h"
#include "tensor/tensor.h"

namespace thaw {

// A batch of tokens as other libraries lay it out: B rows of S cells, row-major.
struct PaddedText {
  int64_t rows = 0, columns = 0;  // B, S
  std::vector<int32_t> ids;       // [B S]
  std::vector<int32_t> type_ids;  // [B S]; empty: all 0
  std::vector<int32_t> mask;      // [B S]: 0 where there is padding; empty: none
};

// Where sequences of rows lie in a batch, whatever a row is: a token, a patch, a frame of sound.
struct PackedRows {
  Indices positions;           // [T]: a row's number in its sequence (its column in a padded batch)
  Segments segments;           // where each sequence lies
  std::vector<int32_t> cells;  // [T]: of a padded batch: the cell b * S + s of each row; else empty

  int64_t count() const { return segments.count(); }
  int64_t total() const { return segments.total(); }
  // [B]: each sequence's first row, its last one. Sequences without rows have none: std::invalid_argument.
  std::vector<int32_t> first_rows() const;
  std::vector<int32_t> last_rows() const;
  // The positions of the same rows behind n others that are not here: a prefix (nn/attention_prefix.h).
  Indices positions_behind(int64_t n) const;

  // The entries of a padded [B, S] array that belong to this batch's rows: labels of tokens.
  std::vector<int32_t> pick(std::span<const int32_t> padded) const;
};

struct PackedText : PackedRows {
  Indices ids;        // [T]
  StatesBelow below;  // what is there already of what a model makes of the batch: it goes on from there

  // Errors (std::invalid_argument) name the text: one without tokens is none.
  static PackedText from_encodings(std::span<const Encoding* const> encodings, Device device);
  static PackedText from_padded(const PaddedText& padded, Device device);  // the padding is left out
};

// The rows of what is no text in a batch, side by side [rows, width], read now.
Tensor packed_numbers(std::span<const Encoding* const> encodings, Device device, DType dtype);

// Pointers to all of them.
std::vector<const Encoding*> pointers_to(const std::vector<Encoding>& encodings);

}  // namespace thaw
