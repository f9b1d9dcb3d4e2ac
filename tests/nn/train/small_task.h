// SPDX-License-Identifier: Apache-2.0
// A task small enough to train in a test: sort made-up texts into three classes by the mean of their words' vectors.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nn/dropout.h"
#include "nn/embedding.h"
#include "nn/linear.h"
#include "nn/norm.h"
#include "nn/train/trainer.h"
#include "nn/train/training_task.h"

namespace thaw {

class SmallTask : public TrainingTask {
 public:
  // `examples` texts of 2 to 9 words; dropout in front of the head.
  explicit SmallTask(ParameterStore& store, int64_t examples = 48, double dropout = 0.25);

  std::span<const int64_t> lengths() const override { return lengths_; }
  Variable loss(std::span<const int64_t> examples, double weight) override;
  Variable loss_by_parts(std::span<const int64_t> examples, double weight, PartLosses& parts) override;
  bool batches_decide_loss() const override { return contrasts; }
  Metrics evaluate() override;
  bool has_validation() const override { return validates; }
  std::vector<std::string> metric_names() const override { return {"accuracy", "loss"}; }
  Fingerprint identity() const override { return own_identity; }
  Fingerprint validation_identity() const override { return own_validation_identity; }
  void save_model(const std::filesystem::path& directory) const override;
  void load_model(const std::filesystem::path& directory) override;

  // What a test wants to go differently.
  bool validates = true, contrasts = false;
  std::function<std::string(int64_t)> part;  // of an example; empty: there are none
  Fingerprint own_identity, own_validation_identity;
  std::vector<double> metrics_to_report;          // the "accuracy" of each evaluation in turn, instead of the real one
  std::vector<std::vector<float>> at_evaluation;  // the head's weights at each evaluation
  std::optional<int64_t> poisoned_call;  // from this call of loss() (from 0) on, its examples' loss is not finite
  std::optional<int64_t> stop_call;      // in this call a stop is asked for
  bool stopping = false;
  std::optional<int64_t> failing_save;  // this save (from 0) fails
  int64_t calls = 0, evaluations = 0;
  mutable int64_t saves = 0;

 private:
  Variable loss_of(std::span<const int64_t> examples, double weight, Tensor* rows);
  Variable logits(std::span<const int64_t> examples) const;
  Indices labels(std::span<const int64_t> examples) const;

  ParameterStore& store_;
  Embedding words_;
  LayerNorm norm_;
  DropoutLayer dropout_;
  Linear head_;
  std::vector<std::vector<int32_t>> texts_;
  std::vector<int64_t> lengths_, poisoned_;
};

// A training of it into a directory, in steps of six texts, without a word on the terminal.
TrainingOptions small_training(const std::filesystem::path& directory);

// All values of a store, one after the other.
std::vector<float> all_values(const ParameterStore& store);

}  // namespace thaw
