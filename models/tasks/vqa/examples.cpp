// SPDX-License-Identifier: Apache-2.0
// Encodes a table's rows; losses of batches, evaluations.
#include "models/tasks/vqa/examples.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/functions.h"
#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/files_once.h"
#include "models/tasks/vqa/evaluation.h"
#include "models/tasks/vqa/model.h"
#include "tensor/check.h"

namespace thaw {

namespace {

std::vector<std::string> notes_of(const AnswerReader& reader, const std::string& file, int64_t rows) {
  if (reader.rows_without == rows) fail("{}: has none of the model's answers; the first is {}", file, reader.first);
  if (reader.unknown == 0) return {};
  return {
      fmt::format("{}: {} answers are none of the model's and count as wrong, the first {}; {} of {} questions have "
                  "no other",
                  file, reader.unknown, reader.first, reader.rows_without, rows)};
}

}  // namespace

VqaExamples::VqaExamples(QuestionAnswerer& model, const std::string& file, const VqaOptions& options,
                         const FieldNames& called)
    : model_(model) {
  auto data = std::make_shared<Data>();
  data->questions = EncodedTexts(file);
  AnswerReader reader{LabelSet(model.answers()), options.label_separator};
  QuestionRows rows(file, options, called);
  FilesOnce encoder(model.rows());
  for (QuestionRow row; rows.next(row);) {
    data->truths.push_back(reader.truth(row.answer, row.input.where));
    data->questions.add(encoder.encode(row.input), row.line);
  }
  if (data->questions.empty()) fail("{}: has no rows below its header", file);
  data->notes = notes_of(reader, file, std::ssize(data->truths));
  data_ = std::move(data);
}

VqaExamples::VqaExamples(QuestionAnswerer& model, int64_t count) : model_(model) {
  auto data = std::make_shared<Data>();
  data->questions = EncodedTexts::made_up(count, model.rows().longest());
  data->truths.resize(static_cast<size_t>(count));
  data_ = std::move(data);
}

std::unique_ptr<Examples> VqaExamples::read_by(TaskModel& other) const {
  return std::make_unique<VqaExamples>(dynamic_cast<VqaModel&>(other).answerer(), data_);
}

ClassificationTargets VqaExamples::targets(std::span<const int64_t> examples) const {
  std::vector<const Truth*> truths;
  for (const int64_t example : examples) truths.push_back(&truth(example));
  return targets_of(truths, model_.num_answers());
}

Variable VqaExamples::loss(std::span<const int64_t> examples, double count) const {
  return answers_loss(model_.logits(data_->questions.pick(examples)), targets(examples), count);
}

std::vector<float> VqaExamples::outputs(std::span<const int64_t> examples) const {
  return model_.logits(data_->questions.pick(examples)).value().to_host<float>();
}

std::unique_ptr<Evaluation> VqaExamples::evaluate(std::span<const int64_t> examples) const {
  const auto width = static_cast<size_t>(model_.num_answers());
  std::vector<float> logits(examples.size() * width);
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const Variable y = model_.logits(data_->questions.pick(batch));
    const std::vector<float> rows = y.value().to_host<float>();
    for (size_t i = 0; i < batch.size(); ++i)
      std::copy_n(rows.begin() + static_cast<ptrdiff_t>(i * width), width,
                  logits.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(places[i]) * width));
    return static_cast<double>(answers_loss(y, targets(batch), 1).value().item());
  };
  const double loss = evaluate_in_batches(model_.store(), *this, examples, run);
  std::vector<Truth> truths;
  for (const int64_t example : examples) truths.push_back(truth(example));
  return std::make_unique<VqaEvaluation>(model_.answers(), std::move(logits), std::move(truths), loss);
}

ShownExample VqaExamples::show(int64_t example) const {
  ShownExample shown = data_->questions.show(example, model_.rows());
  shown.truth = truth_text(truth(example), model_.answers());
  return shown;
}

Fingerprint VqaExamples::identity() const {
  std::vector<int32_t> answers;
  std::vector<float> degrees;
  for (const Truth& truth : data_->truths) {
    answers.push_back(static_cast<int32_t>(truth.size()));
    for (const SoftAnswer& soft : truth) {
      answers.push_back(soft.answer);
      degrees.push_back(soft.truth);
    }
  }
  return {{"questions, as token ids and pictures", checksum_text(data_->questions.checksum())},
          {"answers to the questions", checksum_text(checksum(degrees, checksum(answers)))}};
}

}  // namespace thaw
