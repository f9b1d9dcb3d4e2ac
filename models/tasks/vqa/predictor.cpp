// SPDX-License-Identifier: Apache-2.0
// Reads questions, and writes what the model answers.
#include "models/tasks/vqa/predictor.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "models/packed_text.h"
#include "models/tasks/prediction_text.h"

namespace thaw {

// The most probable answer alone is said, as of classes of which one is true.
VqaPredictor::VqaPredictor(QuestionAnswerer& model, const VqaOptions& options, const PredictionRequest& request,
                           const FieldNames& called)
    : model_(model),
      writer_(ProblemType::single_label, model.answers(),
              {.as_json = request.as_json, .all = options.probabilities, .text_names = {"image", "text"}}),
      rows_(request, options, called),
      notes_(model.rows().notes()) {}

bool VqaPredictor::next(int64_t count, std::string& lines) {
  lines.clear();
  std::vector<InputRow> rows;
  std::vector<Encoding> encodings;
  errors_.read(count, [&] {
    QuestionRow row;
    if (!rows_.next(row)) return false;
    encodings.push_back(model_.rows().encode(row.input));
    rows.push_back(std::move(row.input));
    return true;
  });
  if (rows.empty()) return false;
  const std::vector<float> scores = model_.predict(pointers_to(encodings));
  const auto width = static_cast<size_t>(model_.num_answers());
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto row_scores = std::span(scores).subspan(i * width, width);
    if (!std::ranges::all_of(row_scores, [](float x) { return std::isfinite(x); }))
      fail_of_overflow(rows[i].where, "question");
    notes_->add(rows[i], encodings[i]);
    lines += writer_.line(rows[i].cells, row_scores);
  }
  return true;
}

}  // namespace thaw
