// SPDX-License-Identifier: Apache-2.0
// Reads rows without labels.
#include "models/tasks/classification/predicted_rows.h"

#include <fmt/ranges.h>

#include <stdexcept>
#include <utility>

#include "models/tasks/classification/file_sources.h"
#include "models/tasks/medium.h"
#include "models/tasks/prediction_rows.h"
#include "tensor/check.h"

namespace thaw {

PredictedRows::PredictedRows(const PredictionRequest& request, const ClassificationOptions& options,
                             const FieldNames& called) {
  const bool of_files = options.reads != InputKind::texts;
  if (!request.more_files.empty()) {
    take_several(request, medium_of(options.reads));
    return;
  }
  if (of_files && !request.stream && !request.format) {
    files_ = open_file_source(request.file, options.reads, Answers::ignored);
    if (!files_ && medium_of(options.reads).has(request.file)) ones_ = {request.file};
    if (files_ || !ones_.empty()) return;
  }
  const auto by_name = [&] {
    if (!of_files) return table_format(request.file, called("format"));
    try {
      return table_format(request.file);
    } catch (const std::runtime_error&) {
      fail(
          "{}: its name tells of none of the {} that are read, of no table (.tsv, .csv, .jsonl) and of no list of "
          "paths (.txt)",
          request.file, name_of(options.reads));
    }
  };
  const TableFormat format = request.format ? *request.format : request.stream ? TableFormat::lines : by_name();
  TableReading reading;
  reading.columns = reading.text_columns = options.input_columns();
  if (of_files && format == TableFormat::lines) reading.columns = reading.text_columns = {"text"};
  if (of_files && !request.stream && format != TableFormat::lines) folder_ = folder_of(request.file);
  table_.emplace(open_rows(request, std::move(reading), called));
}

void PredictedRows::take_several(const PredictionRequest& request, const Medium& medium) {
  ones_ = request.more_files;
  ones_.insert(ones_.begin(), request.file);
  for (const std::string& one : ones_)
    if (!medium.has(one))
      fail("{}: is none of the {} ({}): where there are several files, each is one", one, name_of(medium.reads),
           fmt::join(medium.endings, " "));
}

bool PredictedRows::next(InputRow& row) {
  if (files_) {
    LabelledRow read;
    if (!files_->next(read)) return false;
    row = std::move(read.input);
    return true;
  }
  if (!table_) {
    if (next_ == ones_.size()) return false;
    const std::string& one = ones_[next_++];
    row = {.cells = {one}, .where = one};
    return true;
  }
  TableRow read;
  if (!table_->next(read)) return false;
  row = {.cells = std::move(read.cells), .folder = folder_, .where = table_->where(read)};
  return true;
}

}  // namespace thaw
