// SPDX-License-Identifier: Apache-2.0
// Which evaluation was the best, and whether there were too many without a better one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "nn/train/checkpoint.h"
#include "nn/train/metrics.h"
#include "nn/train/trainer.h"

namespace thaw {

// Its numbers are those of the run's state, and so survive a resume.
class BestModel {
 public:
  // Both must outlive it.
  BestModel(const TrainingOptions& options, TrainerState& state);

  // Takes in an evaluation of the present step: true if it is the best so far. A value that is not finite never is.
  bool take(const Metrics& metrics);
  bool patience_is_over() const;
  // The checkpoint of the best model; nothing if there is none, or the present weights are that.
  std::optional<std::filesystem::path> elsewhere() const;
  // "step 12: accuracy 0.9000"
  std::string description() const;

 private:
  const TrainingOptions& options_;
  TrainerState& state_;
  std::string metric_;
};

}  // namespace thaw
