// SPDX-License-Identifier: Apache-2.0
// Reads texts, and writes what the model says of them.
#include "models/tasks/classification/predictor.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "models/tasks/prediction_rows.h"
#include "tensor/check.h"

namespace thaw {
namespace {

PredictionStyle style_of(const ClassificationOptions& o, const PredictionRequest& request) {
  return {.as_json = request.as_json,
          .all = o.probabilities,
          .threshold = o.threshold,
          .text_names = text_names(o.text_column, o.text_pair_column)};
}

std::vector<std::string> columns_of(const ClassificationOptions& o) {
  if (o.text_pair_column.empty()) return {o.text_column};
  return {o.text_column, o.text_pair_column};
}

// Its weights are finite, so its sums overflowed.
void check_finite(std::span<const float> scores, const std::string& where) {
  if (!std::ranges::all_of(scores, [](float x) { return std::isfinite(x); }))
    fail("{}: the model's numbers for this text overflow: its output is not finite (NaN or infinity)", where);
}

}  // namespace

ClassificationPredictor::ClassificationPredictor(TextClassifier& model, const ClassificationOptions& options,
                                                 const PredictionRequest& request, const FieldNames& called)
    : model_(model),
      called_(called),
      writer_(model.problem(), model.labels(), style_of(options, request)),
      reader_(open_rows(request, {.columns = columns_of(options), .text_columns = columns_of(options)}, called)) {}

std::vector<std::string> ClassificationPredictor::warnings() const {
  const std::string line = writer_.warning(called_("output_format"));
  return line.empty() ? std::vector<std::string>{} : std::vector{line};
}

bool ClassificationPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<TableRow> read;
  std::vector<Encoding> encodings;
  std::vector<const Encoding*> batch;
  for (TableRow row; static_cast<int64_t>(read.size()) < rows && reader_.next(row);) read.push_back(std::move(row));
  if (read.empty()) return false;
  for (const TableRow& row : read) {
    std::optional<std::string_view> pair;
    if (row.cells.size() > 1) pair = row.cells[1];
    encodings.push_back(model_.encoder().encode_row(row.cells[0], pair, reader_.where(row)));
  }
  for (const Encoding& encoding : encodings) batch.push_back(&encoding);
  const std::vector<float> scores = model_.predict(batch);
  const auto width = static_cast<size_t>(model_.num_labels());
  for (size_t i = 0; i < read.size(); ++i) {
    const auto row_scores = std::span(scores).subspan(i * width, width);
    check_finite(row_scores, reader_.where(read[i]));
    lines += writer_.line(read[i].cells, row_scores);
  }
  return true;
}

}  // namespace thaw
