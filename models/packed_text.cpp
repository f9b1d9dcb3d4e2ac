// SPDX-License-Identifier: Apache-2.0
// Packs tokenized texts and padded batches.
#include "models/packed_text.h"

#include "tensor/check.h"

namespace thaw {

namespace {

// The columns of a batch while it grows, token by token.
struct Columns {
  std::vector<int32_t> ids, type_ids, positions, lengths, first, cells;
  std::vector<int32_t> text_rows, text_lengths;  // only with kept padding

  int32_t rows() const { return static_cast<int32_t>(ids.size()); }
  void add(int32_t id, int32_t type, int32_t position) {
    ids.push_back(id);
    type_ids.push_back(type);
    positions.push_back(position);
  }

  PackedText upload(Device device) && {
    PackedText text;
    text.segments = Segments(lengths, device);
    text.first_segments = Segments(std::vector<int32_t>(first.size(), 1), device);
    text.ids = Indices(std::move(ids), device);
    text.type_ids = Indices(std::move(type_ids), device);
    text.positions = Indices(std::move(positions), device);
    text.first_tokens = Indices(std::move(first), device);
    text.cells = std::move(cells);
    if (!text_rows.empty() && text_rows.size() < text.cells.size()) {
      text.text_rows = Indices(std::move(text_rows), device);
      text.text_segments = Segments(text_lengths, device);
    }
    return text;
  }
};

}  // namespace

PackedText PackedText::from_encodings(std::span<const Encoding* const> encodings, Device device) {
  Columns c;
  for (size_t b = 0; b < encodings.size(); ++b) {
    const Encoding& e = *encodings[b];
    check(e.size() > 0, "text {} of the batch has no tokens", b);
    c.first.push_back(c.rows());
    c.lengths.push_back(static_cast<int32_t>(e.size()));
    for (size_t t = 0; t < e.size(); ++t) c.add(e.ids[t], e.type_ids[t], static_cast<int32_t>(t));
  }
  return std::move(c).upload(device);
}

PackedText PackedText::from_encodings(const std::vector<Encoding>& encodings, Device device) {
  std::vector<const Encoding*> pointers;
  for (const Encoding& e : encodings) pointers.push_back(&e);
  return from_encodings(pointers, device);
}

PackedText PackedText::from_padded(const PaddedText& padded, Device device, Padding padding) {
  const auto cell_count = static_cast<size_t>(padded.rows * padded.columns);
  check(padded.ids.size() == cell_count, "ids: {} cells, [{}, {}] has {}", padded.ids.size(), padded.rows,
        padded.columns, cell_count);
  for (const auto& [name, values] : {std::pair{"type_ids", &padded.type_ids}, {"mask", &padded.mask}}) {
    check(values->empty() || values->size() == cell_count, "{}: {} cells, [{}, {}] has {}", name, values->size(),
          padded.rows, padded.columns, cell_count);
  }
  Columns c;
  for (int64_t b = 0; b < padded.rows; ++b) {
    const int32_t begin = c.rows();
    int32_t first = -1, text_tokens = 0;
    for (int64_t s = 0; s < padded.columns; ++s) {
      const auto cell = static_cast<size_t>(b * padded.columns + s);
      const bool is_text = padded.mask.empty() || padded.mask[cell] != 0;
      if (!is_text && padding == Padding::drop) continue;
      if (is_text) {
        if (first < 0) first = c.rows();
        ++text_tokens;
        if (padding == Padding::keep) c.text_rows.push_back(c.rows());
      }
      c.add(padded.ids[cell], padded.type_ids.empty() ? 0 : padded.type_ids[cell], static_cast<int32_t>(s));
      c.cells.push_back(static_cast<int32_t>(cell));
    }
    check(first >= 0, "text {} of the batch has no tokens", b);
    c.first.push_back(first);
    c.lengths.push_back(c.rows() - begin);
    c.text_lengths.push_back(text_tokens);
  }
  return std::move(c).upload(device);
}

std::vector<int32_t> PackedText::pick(std::span<const int32_t> padded) const {
  std::vector<int32_t> picked;
  picked.reserve(cells.size());
  for (const int32_t cell : cells) {
    check(static_cast<size_t>(cell) < padded.size(), "an array of {} cells does not fit a batch with cell {}",
          padded.size(), cell);
    picked.push_back(padded[static_cast<size_t>(cell)]);
  }
  return picked;
}

}  // namespace thaw
