// SPDX-License-Identifier: Apache-2.0
// A model of one number, by which of two the better one is told.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/ranking/options.h"
#include "models/tasks/text_task_model.h"
#include "models/tasks/unread_parameters.h"

namespace thaw {

class RankingModel : public TextTaskModel, public HasUnreadParameters {
 public:
  // The classifier is a regression with one number. Partners are drawn by the seed.
  RankingModel(std::shared_ptr<TextClassifier> classifier, RankingOptions options, uint64_t seed, FieldNames called)
      : TextTaskModel(classifier),
        classifier_(std::move(classifier)),
        options_(std::move(options)),
        seed_(seed),
        called_(std::move(called)) {}

  TextClassifier& classifier() { return *classifier_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override;
  std::vector<std::string> unread_parameters() const override { return classifier_->model().unread(); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  // The number of each row.
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<RankingModel>(std::make_shared<TextClassifier>(*classifier_, dry), options_, seed_,
                                          called_);
  }
  // The model's switches, what prepares its data, and what pairs are made of.
  Fingerprint identity() const override;

 private:
  std::shared_ptr<TextClassifier> classifier_;
  RankingOptions options_;
  uint64_t seed_;
  FieldNames called_;
};

}  // namespace thaw
