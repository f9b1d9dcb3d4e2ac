// SPDX-License-Identifier: Apache-2.0
// Reads texts, and writes what the model says of them.
#include "models/tasks/classification/predictor.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/packed_text.h"
#include "models/tasks/medium.h"
#include "models/tasks/prediction_text.h"

namespace thaw {
namespace {

// What the cells of a row are called in what is written.
std::vector<std::string> names_of_cells(const ClassificationOptions& o) {
  if (o.reads == InputKind::texts) return text_names(o.text_column, o.text_pair_column);
  return {std::string(medium_of(o.reads).column)};
}

PredictionStyle style_of(const ClassificationOptions& o, double threshold, const PredictionRequest& request) {
  return {.as_json = request.as_json, .all = o.probabilities, .threshold = threshold, .text_names = names_of_cells(o)};
}

}  // namespace

ClassificationPredictor::ClassificationPredictor(TextClassifier& model, const ClassificationOptions& options,
                                                 const PredictionRequest& request, const FieldNames& called)
    : model_(model),
      called_(called),
      writer_(model.problem(), model.labels(), style_of(options, model.threshold(), request)),
      rows_(request, options, called),
      notes_(model.rows().notes()) {}

std::vector<std::string> ClassificationPredictor::warnings() const {
  const std::string line = writer_.warning(called_("output_format"));
  return line.empty() ? std::vector<std::string>{} : std::vector{line};
}

std::vector<std::string> ClassificationPredictor::notes() const { return notes_->lines(); }

bool ClassificationPredictor::next(int64_t count, std::string& lines) {
  lines.clear();
  std::vector<InputRow> rows;
  std::vector<Encoding> encodings;
  errors_.read(count, [&] {
    InputRow row;
    if (!rows_.next(row)) return false;
    encodings.push_back(model_.rows().encode(row));
    rows.push_back(std::move(row));
    return true;
  });
  if (rows.empty()) return false;
  const std::vector<float> scores = model_.predict(pointers_to(encodings));
  const auto width = static_cast<size_t>(model_.num_labels());
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row_scores = std::span(scores).subspan(i * width, width);
    if (!std::ranges::all_of(row_scores, [](float x) { return std::isfinite(x); }))
      fail_of_overflow(rows[i].where, model_.rows().words().one);
    notes_->add(rows[i], encodings[i]);
    lines += writer_.line(rows[i].cells, row_scores);
  }
  return true;
}

}  // namespace thaw
