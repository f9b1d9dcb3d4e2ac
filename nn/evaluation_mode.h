// SPDX-License-Identifier: Apache-2.0
// Evaluation mode for the length of a block of code, whatever ends it.
#pragma once

#include "nn/parameter.h"

namespace thaw {

// While it lives, the mode is evaluation (dropout off); then it is again what it was. `wanted` false: nothing changes.
class EvaluationMode {
 public:
  explicit EvaluationMode(Mode& mode, bool wanted = true) : mode_(mode), training_(mode.training) {
    if (wanted) mode_.training = false;
  }
  ~EvaluationMode() { mode_.training = training_; }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  Mode& mode_;
  bool training_;
};

}  // namespace thaw
