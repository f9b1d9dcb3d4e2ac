// SPDX-License-Identifier: Apache-2.0
// Reads rows.
#include "models/tasks/vqa/rows.h"

#include <utility>

#include "models/tasks/prediction_rows.h"

namespace thaw {
namespace {

TableReading reading_of(const VqaOptions& o, const FieldNames& called, bool has_answers) {
  TableReading reading;
  reading.columns = reading.text_columns = {o.image_column, o.text_column};
  if (has_answers) reading.columns.push_back(o.label_column);
  reading.list_separator = o.label_separator;
  reading.list_option = called("label_separator");
  reading.list_item = "an answer";
  return reading;
}

}  // namespace

QuestionRows::QuestionRows(const std::string& file, const VqaOptions& options, const FieldNames& called)
    : has_answers_(true), folder_(folder_of(file)), reader_(file, reading_of(options, called, true)) {}

QuestionRows::QuestionRows(const PredictionRequest& request, const VqaOptions& options, const FieldNames& called)
    : has_answers_(false),
      folder_(request.stream ? "" : folder_of(request.file)),
      reader_(open_rows(request, reading_of(options, called, false), called)) {}

bool QuestionRows::next(QuestionRow& row) {
  TableRow read;
  if (!reader_.next(read)) return false;
  row = {.line = read.line};
  row.input = {.folder = folder_, .where = reader_.where(read)};
  if (has_answers_) {
    row.answer = std::move(read.cells.back());
    read.cells.pop_back();
  }
  row.input.cells = std::move(read.cells);
  return true;
}

}  // namespace thaw
