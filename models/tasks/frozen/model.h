// SPDX-License-Identifier: Apache-2.0
// A frozen transformer opened for the task.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/frozen_transformer/opened.h"
#include "models/prefix/keeping.h"
#include "models/tasks/frozen/options.h"
#include "models/tasks/task.h"
#include "models/tasks/task_model.h"
#include "models/tasks/unread_parameters.h"

namespace thaw {

class FrozenModel : public TaskModel, public HasUnreadParameters {
 public:
  // std::runtime_error as of opening.
  FrozenModel(const std::string& directory, const FrozenOptions& options, const TaskOpening& opening,
              FieldNames called);
  FrozenModel(const FrozenModel& like, const Device& dry);

  OpenedFrozenTransformer& transformer() { return transformer_; }
  const SequenceFormat& format() const { return options_.format; }
  // std::runtime_error "WHERE: ...": a sequence of so many rows is longer than the body takes.
  void check_length(int64_t rows, const std::string& where) const;
  // Of rows behind those that training sequences have: has the body positions for them that were not trained with them?
  bool has_positions() const { return transformer_.model().body().position_table().has_value(); }
  KeptTexts keep_frozen(std::span<const Encoding* const> sequences, const Keeping& how) {
    return thaw::keep_frozen(transformer_, prefix_cache_, sequences, how);
  }

  ParameterStore& store() override { return transformer_.store(); }
  const LoadReport& report() const override { return transformer_.report(); }
  std::string description() const override;
  void set_checkpointing(bool on) override { transformer_.set_checkpointing(on); }
  std::string usual_rules() const override { return transformer_.model().usual_rules(options_.format.longest); }
  std::vector<std::string> unread_parameters() const override { return transformer_.model().body().unread(); }
  bool is_usually_a_change() const override { return true; }
  std::vector<std::string> metric_names() const override;
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> own_validation() override;
  std::unique_ptr<Examples> own_test() override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<FrozenModel>(*this, dry);
  }
  Fingerprint identity() const override { return transformer_.switches(); }

 protected:
  // std::invalid_argument: as an adapter of peft's, which knows no frozen transformers.
  void save_model(const std::string& directory, const SaveOptions& options) const override;

 private:
  // std::invalid_argument if the problem is of another format than the model.
  std::unique_ptr<Examples> drawn(std::vector<LabelledSequence> SequenceSplits::*split, const char* name);

  FrozenOptions options_;
  FieldNames called_;
  OpenedFrozenTransformer transformer_;
  std::unique_ptr<PrefixCache> prefix_cache_;
  std::shared_ptr<const SequenceSplits> drawn_;  // once they are
};

// What evaluations of such sequences tell.
std::vector<std::string> frozen_metric_names(const SequenceFormat& format);

}  // namespace thaw
