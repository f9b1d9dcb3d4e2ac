// SPDX-License-Identifier: Apache-2.0
// Packs tokenized texts and padded batches.
#include "models/packed_text.h"

#include <algorithm>
#include <utility>

#include "models/input/packed_rows.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// The columns of a batch while it grows, token by token.
struct Columns {
  std::vector<int32_t> ids, positions, lengths, cells;

  void add(int32_t id, int32_t position) {
    ids.push_back(id);
    positions.push_back(position);
  }
  // Ends the sequence that began at row `begin`.
  void end_text(size_t begin) {
    check(ids.size() > begin, "text {} of the batch has no tokens", lengths.size());
    lengths.push_back(static_cast<int32_t>(ids.size() - begin));
  }

  PackedText upload(Device device) && {
    PackedText text;
    text.segments = Segments(lengths, device);
    text.ids = Indices(std::move(ids), device);
    text.positions = Indices(std::move(positions), device);
    text.cells = std::move(cells);
    return text;
  }
};

void check_cells(const PaddedText& padded) {
  const auto cell_count = static_cast<size_t>(padded.rows * padded.columns);
  check(padded.ids.size() == cell_count, "ids: {} cells, [{}, {}] has {}", padded.ids.size(), padded.rows,
        padded.columns, cell_count);
  for (const auto& [name, values] : {std::pair{"type_ids", &padded.type_ids}, {"mask", &padded.mask}}) {
    check(values->empty() || values->size() == cell_count, "{}: {} cells, [{}, {}] has {}", name, values->size(),
          padded.rows, padded.columns, cell_count);
  }
}

}  // namespace

std::vector<int32_t> PackedRows::first_rows() const {
  std::vector<int32_t> rows;
  for (int64_t b = 0; b < count(); ++b) {
    check(segments.length(b) > 0, "sequence {} of the batch has no rows", b);
    rows.push_back(segments.begin(b));
  }
  return rows;
}

Indices PackedRows::positions_behind(int64_t n) const {
  std::vector<int32_t> farther(positions.host().begin(), positions.host().end());
  for (int32_t& position : farther) position += static_cast<int32_t>(n);
  return {std::move(farther), positions.device().device()};
}

std::vector<int32_t> PackedRows::last_rows() const {
  std::vector<int32_t> rows = first_rows();
  for (int64_t b = 0; b < count(); ++b) rows[static_cast<size_t>(b)] = segments.end(b) - 1;
  return rows;
}

std::vector<int32_t> PackedRows::pick(std::span<const int32_t> padded) const {
  std::vector<int32_t> picked;
  picked.reserve(cells.size());
  for (const int32_t cell : cells) {
    check(static_cast<size_t>(cell) < padded.size(), "an array of {} cells does not fit a batch with cell {}",
          padded.size(), cell);
    picked.push_back(padded[static_cast<size_t>(cell)]);
  }
  return picked;
}

PackedText PackedText::from_encodings(std::span<const Encoding* const> encodings, Device device) {
  Columns c;
  for (const Encoding* encoding : encodings) {
    const size_t begin = c.ids.size();
    for (size_t t = 0; t < encoding->size(); ++t) c.add(encoding->ids[t], static_cast<int32_t>(t));
    c.end_text(begin);
  }
  return std::move(c).upload(device);
}

PackedText PackedText::from_padded(const PaddedText& padded, Device device) {
  check_cells(padded);
  Columns c;
  for (int64_t b = 0; b < padded.rows; ++b) {
    const size_t begin = c.ids.size();
    for (int64_t s = 0; s < padded.columns; ++s) {
      const auto cell = static_cast<size_t>(b * padded.columns + s);
      if (!padded.mask.empty() && padded.mask[cell] == 0) continue;
      c.add(padded.ids[cell], static_cast<int32_t>(s));
      c.cells.push_back(static_cast<int32_t>(cell));
    }
    c.end_text(begin);
  }
  return std::move(c).upload(device);
}

Tensor packed_numbers(std::span<const Encoding* const> encodings, Device device, DType dtype) {
  std::vector<std::shared_ptr<const RowSource>> sources;
  for (const Encoding* encoding : encodings)
    if (encoding->rows) sources.push_back(encoding->rows);
  return packed_rows(sources, device, dtype);
}

std::vector<const Encoding*> pointers_to(const std::vector<Encoding>& encodings) {
  std::vector<const Encoding*> pointers;
  for (const Encoding& e : encodings) pointers.push_back(&e);
  return pointers;
}

}  // namespace thaw
