// SPDX-License-Identifier: Apache-2.0
// What a run leaves beside its model: train_results.json, eval_results.json, test_results.json; names as users of the
// Hugging Face Trainer know.
#pragma once

#include <filesystem>
#include <string>

#include "models/tasks/task.h"
#include "nn/freeze/compress_frozen.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/train/fingerprint.h"
#include "nn/train/metrics.h"
#include "nn/train/trainer.h"

namespace thaw {

// What a training took of the machine.
struct ProcessCost {
  double peak_memory_mb = 0;
  double flops = 0;  // of products and attention, those of the evaluations within it too; NaN: not known
};

class RunResults {
 public:
  explicit RunResults(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Whether a run ended here; its recipe (recipe.h) must then be `recipe`, else std::runtime_error that says what
  // differs.
  bool is_finished(const Fingerprint& recipe) const;
  // std::runtime_error if a model or results are here: a new run would overwrite them.
  void check_new() const;
  // What a finished run of this recipe should have here and has not, or cannot be used: results of a split, the task's
  // model; "" if nothing is amiss. Looks at the sizes of files of weights, not at all their bytes.
  std::string fault(const Fingerprint& recipe, const Task& task) const;
  // std::runtime_error if results of a split are here that a command without its file would take away.
  void check_splits(bool has_validation, bool has_test) const;
  // Takes the results of a former run away.
  void remove() const;
  // A number that is not finite is written as null.
  // frozen: what frozen weights were kept as while it was judged (--frozen-dtype), if that is not as they are saved.
  void write_metrics(const std::string& split, const Metrics& metrics, int64_t examples,
                     FrozenDType frozen = FrozenDType::f32) const;
  // Written last: says that the run is finished. Steps, seconds, tokens a second and loss are those of the whole run,
  // however often it was resumed; what the process took is that of the last one.
  void write_training(const Fingerprint& recipe, const TrainingResult& result, const FreezeReport& frozen,
                      int64_t examples, const ProcessCost& cost) const;
  // One line a split that has results: "test: accuracy 0.8650  loss 0.4567  (607 examples)".
  void print() const;

 private:
  std::filesystem::path file(const std::string& split) const { return directory_ / (split + "_results.json"); }
  std::filesystem::path directory_;
};

}  // namespace thaw
