// SPDX-License-Identifier: Apache-2.0
// A table of questions about pictures as the model reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/checksum.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"
#include "models/tasks/vqa/answers.h"
#include "models/tasks/vqa/question_answerer.h"
#include "models/tasks/vqa/rows.h"

namespace thaw {

class VqaExamples : public Examples {
 public:
  struct Data {
    EncodedTexts questions;
    std::vector<Truth> truths;
    std::vector<std::string> notes = {};
  };
  VqaExamples(QuestionAnswerer& model, std::shared_ptr<const Data> data) : model_(model), data_(std::move(data)) {}
  // The model must outlive them. std::runtime_error naming file and line: a broken row, one answer that is not the
  // model's; of several people's, a file that has none of the model's.
  VqaExamples(QuestionAnswerer& model, const std::string& file, const VqaOptions& options, const FieldNames& called);
  // So many made-up questions of the greatest length.
  VqaExamples(QuestionAnswerer& model, int64_t count);

  std::span<const int64_t> lengths() const override { return data_->questions.lengths(); }
  void expect(std::span<const int64_t> examples) const override {
    data_->questions.expect(examples, model_.are_kept());
  }
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  std::vector<std::string> notes() const override { return data_->notes; }
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(data_->questions.pick(examples), how);
  }
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(data_->questions[example].cut); }
  int64_t stratum(int64_t example) const override { return truest(truth(example)); }
  // Questions about the same picture.
  uint64_t kin(int64_t example) const override { return checksum(*data_->questions[example].rows); }
  Fingerprint identity() const override;
  ExampleWords words() const override { return {"question", "rows"}; }
  ReadCounts read_ahead() const override { return data_->questions.read_ahead(); }
  std::vector<std::string> files() const override { return data_->questions.files(); }
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  const Truth& truth(int64_t example) const { return data_->truths[static_cast<size_t>(example)]; }
  ClassificationTargets targets(std::span<const int64_t> examples) const;

  QuestionAnswerer& model_;
  std::shared_ptr<const Data> data_;
};

}  // namespace thaw
