// SPDX-License-Identifier: Apache-2.0
// Tokenizes a file's rows; losses of batches, metrics of whole data sets.
#include "models/tasks/classification/examples.h"

#include <algorithm>

#include "models/tasks/checksum.h"
#include "models/tasks/classification/labelled_rows.h"
#include "models/tasks/classification/model.h"
#include "models/tasks/classification/scores.h"
#include "models/tasks/evaluation.h"
#include "tensor/check.h"

namespace thaw {

ClassificationExamples::ClassificationExamples(TextClassifier& model, const std::string& file,
                                               const ClassificationOptions& options, const Problem& problem,
                                               const FieldNames& called)
    : model_(model) {
  auto data = std::make_shared<Data>();
  LabelledRows rows(file, options, called);
  LabelledRow row;
  while (rows.next(row)) {
    problem.add_target(row.label, rows.where(), data->targets);
    Encoding full = model.encoder().encode_row(row.text, row.pair, rows.where());
    // A model reads ids and types alone.
    Encoding encoding;
    encoding.ids = std::move(full.ids);
    encoding.type_ids = std::move(full.type_ids);
    data->lengths.push_back(static_cast<int64_t>(encoding.size()));
    data->encodings.push_back(std::move(encoding));
  }
  if (data->encodings.empty()) fail("{}: has no rows below its header", file);
  data_ = std::move(data);
}

ClassificationExamples::ClassificationExamples(TextClassifier& model, int64_t count) : model_(model) {
  auto data = std::make_shared<Data>();
  const auto examples = static_cast<size_t>(count);
  Encoding longest;
  longest.ids.assign(static_cast<size_t>(model.max_length()), 0);
  longest.type_ids = longest.ids;
  data->encodings.assign(examples, longest);
  data->lengths.assign(examples, model.max_length());
  data->targets.classes.assign(examples, 0);
  data->targets.values.assign(examples * static_cast<size_t>(model.num_labels()), 0.0);
  data_ = std::move(data);
}

std::unique_ptr<Examples> ClassificationExamples::read_by(TaskModel& other) const {
  TextClassifier& classifier = dynamic_cast<ClassificationModel&>(other).classifier();
  return std::make_unique<ClassificationExamples>(classifier, data_);
}

std::vector<const Encoding*> ClassificationExamples::pick(std::span<const int64_t> examples) const {
  std::vector<const Encoding*> picked;
  for (const int64_t example : examples) picked.push_back(&data_->encodings[static_cast<size_t>(example)]);
  return picked;
}

ClassificationTargets ClassificationExamples::pick_targets(std::span<const int64_t> examples) const {
  ClassificationTargets picked;
  const int64_t width = model_.num_labels();
  for (const int64_t example : examples) {
    if (model_.problem() == ProblemType::single_label) {
      picked.classes.push_back(data_->targets.classes[static_cast<size_t>(example)]);
    } else {
      const auto row = data_->targets.values.begin() + example * width;
      picked.values.insert(picked.values.end(), row, row + width);
    }
  }
  return picked;
}

Variable ClassificationExamples::loss(std::span<const int64_t> examples, double count) const {
  return model_.loss(model_.logits(pick(examples)), pick_targets(examples), count);
}

Metrics ClassificationExamples::evaluate() const {
  const auto width = static_cast<size_t>(model_.num_labels());
  std::vector<float> logits(data_->encodings.size() * width);
  const double loss = evaluate_in_batches(model_.store(), *this, [&](std::span<const int64_t> batch) {
    const Variable y = model_.logits(pick(batch));
    const std::vector<float> rows = y.value().to_host<float>();
    for (size_t i = 0; i < batch.size(); ++i)
      std::copy_n(rows.begin() + static_cast<ptrdiff_t>(i * width), width,
                  logits.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(batch[i]) * width));
    return static_cast<double>(model_.loss(y, pick_targets(batch), 1).value().item());
  });
  Metrics metrics = score(model_.problem(), logits, data_->targets, model_.num_labels());
  metrics["loss"] = loss;
  return metrics;
}

Examples::Checksums ClassificationExamples::checksums() const {
  uint32_t inputs = checksum(data_->lengths);
  for (const Encoding& encoding : data_->encodings)
    inputs = checksum(encoding.type_ids, checksum(encoding.ids, inputs));
  return {inputs, checksum(data_->targets.values, checksum(data_->targets.classes))};
}

}  // namespace thaw
