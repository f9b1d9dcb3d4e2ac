// SPDX-License-Identifier: Apache-2.0
// The rows that a prediction is asked for, where they are a table of texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/row_errors.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

// `called`: how messages call the field `format`.
inline TableReader open_rows(const PredictionRequest& request, TableReading reading, const FieldNames& called) {
  reading.format_option = called("format");
  if (request.stream)
    return {*request.stream, request.stream_name, request.format.value_or(TableFormat::lines), reading};
  if (request.format) return {request.file, *request.format, reading};
  return TableReader(request.file, reading);
}

// Some rows, and their first cell, or two, as tokens.
struct PredictionBatch {
  std::vector<TableRow> rows;
  std::vector<Encoding> encodings;

  // Up to `count` rows of the reader; none if there are none left. Errors name file and line. check(row, encoding):
  // what else may be wrong with a row; throws.
  template <class Check>
  PredictionBatch(TableReader& reader, const TextEncoder& encoder, int64_t count, RowErrors& errors,
                  const Check& check) {
    errors.read(count, [&] {
      TableRow row;
      if (!reader.next(row)) return false;
      std::optional<std::string_view> pair;
      if (row.cells.size() > 1) pair = row.cells[1];
      Encoding encoding = encoder.encode_row(row.cells[0], pair, reader.where(row));
      check(row, encoding);
      rows.push_back(std::move(row));
      encodings.push_back(std::move(encoding));
      return true;
    });
  }
  PredictionBatch(TableReader& reader, const TextEncoder& encoder, int64_t count, RowErrors& errors)
      : PredictionBatch(reader, encoder, count, errors, [](const TableRow&, const Encoding&) {}) {}
  std::vector<const Encoding*> texts() const {
    std::vector<const Encoding*> all;
    for (const Encoding& encoding : encodings) all.push_back(&encoding);
    return all;
  }
};

}  // namespace thaw
