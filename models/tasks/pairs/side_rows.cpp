// SPDX-License-Identifier: Apache-2.0
// Reads rows of one side, and makes vectors of them.
#include "models/tasks/pairs/side_rows.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/packed_text.h"
#include "models/tasks/medium.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"

namespace thaw {

SideRows::SideRows(PairSide side, const PredictionRequest& request, const PairOptions& o, const FieldNames& called) {
  if (side == PairSide::files) {
    files_.emplace(request, ClassificationOptions{.reads = o.files, .file_column = o.file_column}, called);
    return;
  }
  TableReading reading;
  reading.columns = reading.text_columns = {o.text_column};
  texts_.emplace(open_rows(request, std::move(reading), called));
}

bool SideRows::next(InputRow& row) {
  if (files_) return files_->next(row);
  TableRow read;
  if (!texts_->next(read)) return false;
  row = {.cells = std::move(read.cells), .where = texts_->where(read)};
  return true;
}

SideBatch::SideBatch(SideRows& from, const RowEncoder& encoder, int64_t count, RowErrors& errors) {
  errors.read(count, [&] {
    InputRow row;
    if (!from.next(row)) return false;
    encodings.push_back(encoder.encode(row));
    rows.push_back(std::move(row));
    return true;
  });
}

std::vector<float> SideBatch::vectors(PairPipeline& model, PairSide side) const {
  std::vector<float> numbers = model.embed(side, pointers_to(encodings));
  const auto bad = std::ranges::find_if_not(numbers, [](float x) { return std::isfinite(x); });
  if (bad != numbers.end())
    fail_of_overflow(rows[static_cast<size_t>((bad - numbers.begin()) / model.width())].where,
                     side == PairSide::texts ? "text" : medium_of(model.files()).column);
  return numbers;
}

}  // namespace thaw
