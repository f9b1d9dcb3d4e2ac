// SPDX-License-Identifier: Apache-2.0
// What a run leaves beside its model: train_results.json, eval_results.json, test_results.json; names as users of the
// Hugging Face Trainer know.
#pragma once

#include <filesystem>
#include <string>

#include "nn/freeze.h"
#include "nn/train/metrics.h"
#include "nn/train/trainer.h"

namespace thaw {

class RunResults {
 public:
  explicit RunResults(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Whether a run ended here; its recipe must then be `recipe` (what decides a run's numbers, as text), else
  // std::runtime_error.
  bool is_finished(const std::string& recipe) const;
  // Takes the results of a former run away.
  void remove() const;
  void write_metrics(const std::string& split, const Metrics& metrics, int64_t examples) const;
  // Written last: says that the run is finished.
  void write_training(const std::string& recipe, const TrainingResult& result, const FreezeReport& frozen,
                      int64_t examples, double peak_memory_mb) const;
  // One line a split that has results: "test: accuracy 0.8650  loss 0.4567  (607 examples)".
  void print() const;

 private:
  std::filesystem::path file(const std::string& split) const { return directory_ / (split + "_results.json"); }
  std::filesystem::path directory_;
};

}  // namespace thaw
