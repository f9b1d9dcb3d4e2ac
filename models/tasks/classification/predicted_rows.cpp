// SPDX-License-Identifier: Apache-2.0
// Reads rows without labels.
#include "models/tasks/classification/predicted_rows.h"

#include <filesystem>
#include <utility>

#include "models/tasks/classification/picture_sources.h"
#include "models/tasks/prediction_rows.h"

namespace thaw {

PredictedRows::PredictedRows(const PredictionRequest& request, const ClassificationOptions& options,
                             const FieldNames& called) {
  const bool of_pictures = options.reads == InputKind::pictures;
  if (of_pictures && !request.stream && !request.format) {
    pictures_ = open_pictures(request.file, Answers::ignored);
    if (!pictures_ && names_a_picture(request.file)) picture_ = request.file;
    if (pictures_ || !picture_.empty()) return;
  }
  const TableFormat format = request.format   ? *request.format
                             : request.stream ? TableFormat::lines
                                              : table_format(request.file, called("format"));
  TableReading reading;
  reading.columns = reading.text_columns = options.input_columns();
  if (of_pictures && format == TableFormat::lines) reading.columns = reading.text_columns = {"text"};
  if (of_pictures && !request.stream && format != TableFormat::lines)
    folder_ = std::filesystem::path(request.file).parent_path().string();
  table_.emplace(open_rows(request, std::move(reading), called));
}

bool PredictedRows::next(InputRow& row) {
  if (pictures_) {
    LabelledRow read;
    if (!pictures_->next(read)) return false;
    row = std::move(read.input);
    return true;
  }
  if (!table_) {
    if (picture_.empty()) return false;
    row = {.cells = {picture_}, .where = picture_};
    picture_.clear();
    return true;
  }
  TableRow read;
  if (!table_->next(read)) return false;
  row = {.cells = std::move(read.cells), .folder = folder_, .where = table_->where(read)};
  return true;
}

}  // namespace thaw
