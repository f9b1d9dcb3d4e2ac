// SPDX-License-Identifier: Apache-2.0
// Predictions whose rows no table has columns for: they are asked for in JSONL alone.
#pragma once

#include <string_view>

#include "models/data/field_names.h"
#include "models/data/table.h"
#include "models/tasks/task_model.h"
#include "tensor/check.h"

namespace thaw {

// std::invalid_argument "FORMAT csv: ..." of a request that names another format; `rows`: "questions", `files`: what
// they are read from besides, by its name.
inline void check_is_jsonl(const PredictionRequest& request, std::string_view rows, std::string_view files,
                           const FieldNames& called) {
  if (!request.format) return;
  for (const std::string_view other : {"lines", "tsv", "csv"})
    check(*request.format != table_format_named(other), "{} {}: {} are read from jsonl (and from {})", called("format"),
          other, rows, files);
}

}  // namespace thaw
