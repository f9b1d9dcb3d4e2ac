// SPDX-License-Identifier: Apache-2.0
// Pairs of which one is better.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"

namespace thaw {

class PreferenceExamples : public Examples {
 public:
  struct Data {
    EncodedTexts rows;             // better, worse, better, worse, ...
    std::vector<int64_t> lengths;  // of both together
    std::vector<std::string> notes = {};
  };
  // The model must outlive them.
  PreferenceExamples(TextClassifier& model, std::shared_ptr<const Data> data) : model_(model), data_(std::move(data)) {}
  // So many made-up pairs of the greatest length.
  PreferenceExamples(TextClassifier& model, int64_t count);

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  Variable loss(std::span<const int64_t> examples, double count) const override;
  // Both numbers of each.
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  void expect(std::span<const int64_t> examples) const override {
    data_->rows.expect(rows_of(examples), model_.are_kept());
  }
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(data_->rows.pick(rows_of(examples)), how);
  }
  using Examples::keep_frozen;
  std::vector<std::string> notes() const override { return data_->notes; }
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override;
  // Pairs that are the same to the model.
  uint64_t kin(int64_t example) const override;
  Fingerprint identity() const override;
  ExampleWords words() const override { return model_.rows().words(); }
  ReadCounts read_ahead() const override { return data_->rows.read_ahead(); }
  std::vector<std::string> files() const override { return data_->rows.files(); }
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  static std::vector<int64_t> rows_of(std::span<const int64_t> examples);

  TextClassifier& model_;
  std::shared_ptr<const Data> data_;
};

}  // namespace thaw
