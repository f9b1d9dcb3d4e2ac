// SPDX-License-Identifier: Apache-2.0
// Reads texts, and writes what the model says of them.
#include "models/tasks/classification/predictor.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"

namespace thaw {
namespace {

PredictionStyle style_of(const ClassificationOptions& o, double threshold, const PredictionRequest& request) {
  return {.as_json = request.as_json,
          .all = o.probabilities,
          .threshold = threshold,
          .text_names = text_names(o.text_column, o.text_pair_column)};
}

std::vector<std::string> columns_of(const ClassificationOptions& o) {
  if (o.text_pair_column.empty()) return {o.text_column};
  return {o.text_column, o.text_pair_column};
}

}  // namespace

ClassificationPredictor::ClassificationPredictor(TextClassifier& model, const ClassificationOptions& options,
                                                 const PredictionRequest& request, const FieldNames& called)
    : model_(model),
      called_(called),
      writer_(model.problem(), model.labels(), style_of(options, model.threshold(), request)),
      reader_(open_rows(request, {.columns = columns_of(options), .text_columns = columns_of(options)}, called)) {}

std::vector<std::string> ClassificationPredictor::warnings() const {
  const std::string line = writer_.warning(called_("output_format"));
  return line.empty() ? std::vector<std::string>{} : std::vector{line};
}

std::vector<std::string> ClassificationPredictor::notes() const { return notes_of(cut_, unknown_); }

bool ClassificationPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  const PredictionBatch batch(reader_, model_.encoder(), rows, errors_);
  if (batch.rows.empty()) return false;
  const std::vector<float> scores = model_.predict(batch.texts());
  const auto width = static_cast<size_t>(model_.num_labels());
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    const auto row_scores = std::span(scores).subspan(i * width, width);
    if (!std::ranges::all_of(row_scores, [](float x) { return std::isfinite(x); }))
      fail_of_overflow(reader_.where(batch.rows[i]));
    cut_.add(static_cast<int64_t>(batch.encodings[i].cut));
    unknown_.add(batch.encodings[i], batch.rows[i].cells, model_.encoder().tokenizer(), reader_.where(batch.rows[i]));
    lines += writer_.line(batch.rows[i].cells, row_scores);
  }
  return true;
}

}  // namespace thaw
