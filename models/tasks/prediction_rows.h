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

  // Up to `count` rows of the reader; none if there are none left. Errors name file and line.
  PredictionBatch(TableReader& reader, const TextEncoder& encoder, int64_t count) {
    for (TableRow row; static_cast<int64_t>(rows.size()) < count && reader.next(row);) rows.push_back(std::move(row));
    for (const TableRow& row : rows) {
      std::optional<std::string_view> pair;
      if (row.cells.size() > 1) pair = row.cells[1];
      encodings.push_back(encoder.encode_row(row.cells[0], pair, reader.where(row)));
    }
  }
  std::vector<const Encoding*> texts() const {
    std::vector<const Encoding*> all;
    for (const Encoding& encoding : encodings) all.push_back(&encoding);
    return all;
  }
};

}  // namespace thaw
