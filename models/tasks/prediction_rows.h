// SPDX-License-Identifier: Apache-2.0
// The rows that a prediction is asked for, where they are a table.
#pragma once

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/task_model.h"

namespace thaw {

// `called`: how messages call the field `format`.
inline TableReader open_rows(const PredictionRequest& request, TableReading reading, const FieldNames& called) {
  reading.format_option = called("format");
  if (request.stream)
    return {*request.stream, request.stream_name, request.format.value_or(TableFormat::lines), reading};
  if (request.format) return {request.file, *request.format, reading};
  return TableReader(request.file, reading);
}

}  // namespace thaw
