// SPDX-License-Identifier: Apache-2.0
// A model of two kinds of things whose partners are trained to be alike.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/pair_pipeline.h"
#include "models/tasks/pairs/evaluation.h"
#include "models/tasks/pairs/options.h"
#include "models/tasks/parallel_parts.h"
#include "models/tasks/task_model.h"

namespace thaw {

class PairTaskModel : public TaskModel, public HasParallelParts {
 public:
  PairTaskModel(std::shared_ptr<PairPipeline> pairs, PairOptions options, FieldNames called)
      : pairs_(std::move(pairs)), options_(std::move(options)), called_(std::move(called)) {}

  PairPipeline& pairs() { return *pairs_; }

  ParameterStore& store() override { return pairs_->store(); }
  const LoadReport& report() const override { return pairs_->report(); }
  std::string description() const override;
  void set_checkpointing(bool on) override { pairs_->set_checkpointing(on); }
  void after_step() override { pairs_->hold_temperature(); }
  std::vector<std::string> metric_names() const override { return metric_names_of_pairs(options_.files); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  // The best candidates of each row, or the cosine of each pair.
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<PairTaskModel>(std::make_shared<PairPipeline>(*pairs_, dry), options_, called_);
  }
  Fingerprint identity() const override { return pairs_->identity(); }
  std::vector<std::vector<std::string>> parallel_parts() const override;

 protected:
  void save_model(const std::string& directory, const SaveOptions& options) const override {
    pairs_->save(directory, options);
  }

 private:
  std::shared_ptr<PairPipeline> pairs_;
  PairOptions options_;
  FieldNames called_;
};

}  // namespace thaw
