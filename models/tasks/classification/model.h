// SPDX-License-Identifier: Apache-2.0
// A text classifier opened for the task: what it reads, is trained for, and predicts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/class_loss.h"
#include "models/data/field_names.h"
#include "models/tasks/classification/options.h"
#include "models/tasks/classification/problem.h"
#include "models/tasks/classification/scores.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/text_task_model.h"
#include "models/tasks/unread_parameters.h"

namespace thaw {

class ClassificationModel : public TextTaskModel, public HasUnreadParameters {
 public:
  // problem: what the training data pose; none: each file is read as the model was trained. Errors are those of
  // TextClassifier, and pairs of texts that it does not take.
  ClassificationModel(const std::string& directory, const TextClassifierOptions& how, std::optional<Problem> problem,
                      ClassificationOptions options, FieldNames called);

  ClassificationModel(const ClassificationModel& like, const Device& dry);

  TextClassifier& classifier() { return *classifier_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override {
    return thaw::metric_names(classifier_->problem(), classifier_->labels());
  }
  std::vector<std::string> unread_parameters() const override { return classifier_->model().unread(); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<ClassificationModel>(*this, dry);
  }
  // Searches the threshold if that is asked for.
  std::string fit_after_training(Evaluation& validation) override;
  // Names of the classes, kind of problem, the model's switches, a checksum of the tokenizer's files.
  std::vector<std::string> warnings() const override;
  Fingerprint identity() const override;
  // The threshold, where it is not the usual one.
  Fingerprint judging_identity() const override;

 private:
  ClassificationModel(std::shared_ptr<TextClassifier> classifier, std::optional<Problem> problem,
                      ClassificationOptions options, FieldNames called);

  std::shared_ptr<TextClassifier> classifier_;
  std::optional<Problem> problem_;
  ClassificationOptions options_;
  ClassLoss class_loss_;  // of training
  FieldNames called_;
};

}  // namespace thaw
