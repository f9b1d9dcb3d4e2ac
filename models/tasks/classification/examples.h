// SPDX-License-Identifier: Apache-2.0
// A data file as a classifier reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/class_loss.h"
#include "models/data/field_names.h"
#include "models/tasks/classification/problem.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"

namespace thaw {

class ClassificationExamples : public Examples {
 public:
  struct Data {
    EncodedTexts texts;
    ClassificationTargets targets;
    std::vector<std::string> notes = {};
    ClassLoss class_loss = {};  // of training, with one label; evaluations have the plain one
    double lm_weight = 0;       // of training: the mean loss of next tokens, times this, is added
  };
  ClassificationExamples(TextClassifier& model, std::shared_ptr<const Data> data)
      : model_(model), data_(std::move(data)) {}
  // The model must outlive them. Throws std::runtime_error naming file and line: a broken row, a label that is not the
  // model's.
  ClassificationExamples(TextClassifier& model, const std::string& file, const ClassificationOptions& options,
                         const Problem& problem, const FieldNames& called, const ClassLoss& class_loss = {});
  // So many made-up texts of the greatest length.
  ClassificationExamples(TextClassifier& model, int64_t count, const ClassificationOptions& options,
                         const ClassLoss& class_loss = {});

  std::span<const int64_t> lengths() const override { return data_->texts.lengths(); }
  void expect(std::span<const int64_t> examples) const override { data_->texts.expect(examples, model_.are_kept()); }
  ReadCounts read_ahead() const override { return data_->texts.read_ahead(); }
  // One each, or what their labels weigh; beside next tokens those and how many there are (TwoCounts).
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  // Its loss is the plain one: it can be compared, whatever the training was like.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  std::vector<std::string> notes() const override { return data_->notes; }
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    Keeping rows = how;
    rows.all_rows = data_->lm_weight > 0;  // each token says the next one
    return model_.keep_frozen(data_->texts.pick(examples), rows);
  }
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(data_->texts[example].cut); }
  int64_t stratum(int64_t example) const override;
  uint64_t kin(int64_t example) const override { return data_->texts.checksum(example); }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;
  ExampleWords words() const override { return model_.rows().words(); }
  std::vector<std::string> files() const override { return data_->texts.files(); }

 private:
  ClassificationTargets pick_targets(std::span<const int64_t> examples) const;
  Variable class_loss_of(const Variable& logits, std::span<const int64_t> examples, double count) const;

  TextClassifier& model_;
  std::shared_ptr<const Data> data_;
};

}  // namespace thaw
