// SPDX-License-Identifier: Apache-2.0
// Training or evaluation: whether dropout drops. A store begins in evaluation; a loop that trains says so:
//   const TrainingMode training(store.mode());
#pragma once

#include "tensor/random_key.h"

namespace thaw {

// Training switches dropout on and never touches freezing.
struct Mode {
  bool training = false;
  RandomStreams random;
};

// While it lives, the mode is training (dropout on); then it is again what it was, whatever ended the block of code.
class TrainingMode {
 public:
  explicit TrainingMode(Mode& mode) : mode_(mode), before_(mode.training) { mode_.training = true; }
  ~TrainingMode() { mode_.training = before_; }
  TrainingMode(const TrainingMode&) = delete;
  TrainingMode& operator=(const TrainingMode&) = delete;

 private:
  Mode& mode_;
  bool before_;
};

// The same for evaluation (dropout off). `wanted` false: nothing changes. A mode that is evaluation already is not
// written: threads may share a model that only computes.
class EvaluationMode {
 public:
  explicit EvaluationMode(Mode& mode, bool wanted = true) : mode_(mode), changes_(wanted && mode.training) {
    if (changes_) mode_.training = false;
  }
  ~EvaluationMode() {
    if (changes_) mode_.training = true;
  }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  Mode& mode_;
  bool changes_;
};

}  // namespace thaw
