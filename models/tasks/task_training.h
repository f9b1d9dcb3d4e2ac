// SPDX-License-Identifier: Apache-2.0
// What the trainer asks for, of any task: its model and the examples to train on and to judge by.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/task_model.h"
#include "nn/train/training_task.h"

namespace thaw {

// Reads the weights that a save of this very model left in a directory back into the parameters, bit for bit.
// std::runtime_error or std::invalid_argument, naming directory and tensor, if one is missing or another.
void load_weights(const ParameterStore& store, const std::filesystem::path& directory);

class TaskTraining final : public TrainingTask {
 public:
  // All must outlive it; validation may be null.
  // base: the model that is trained, of which what is saved holds what changes alone; absent: it holds all of it.
  TaskTraining(TaskModel& model, Examples& train, const Examples* validation, FieldNames called = {},
               std::optional<BaseModel> base = {})
      : model_(model),
        base_(std::move(base)),
        train_(train),
        validation_(validation),
        called_(std::move(called)),
        has_parts_(train.has_parts()) {}

  std::span<const int64_t> lengths() const override { return train_.lengths(); }
  void begin_epoch(int64_t epoch) override { train_.begin_epoch(epoch); }
  void expect(std::span<const int64_t> examples) override { train_.expect(examples); }
  double weight(std::span<const int64_t> examples) const override { return train_.terms(examples); }
  Variable loss(std::span<const int64_t> examples, double weight) override { return train_.loss(examples, weight); }
  Variable loss_by_parts(std::span<const int64_t> examples, double weight, PartLosses& parts) override;
  bool batches_decide_loss() const override { return train_.batches_decide_loss(); }
  void after_step() override { model_.after_step(); }
  Metrics evaluate() override { return validation_ ? validation_->evaluate()->metrics() : Metrics{}; }
  bool has_validation() const override { return validation_ != nullptr; }
  std::vector<std::string> metric_names() const override { return model_.metric_names(); }
  // The model's identity, the first numbers of each of its tensors, and the checksums of the examples.
  Fingerprint identity() const override;
  Fingerprint validation_identity() const override;
  void save_model(const std::filesystem::path& directory) const override {
    model_.save(directory.string(), {.base = base_});
  }
  void load_model(const std::filesystem::path& directory) override { load_weights(model_.store(), directory); }

 private:
  TaskModel& model_;
  std::optional<BaseModel> base_;
  Examples& train_;
  const Examples* validation_;
  FieldNames called_;
  bool has_parts_;
};

}  // namespace thaw
