// SPDX-License-Identifier: Apache-2.0
// The models of a run that outlive it: checkpoints, and the best one. What does not compute is never kept.
#pragma once

#include "nn/optim/optimizer.h"
#include "nn/parameter.h"
#include "nn/train/best_model.h"
#include "nn/train/checkpoint.h"
#include "nn/train/guarded_step.h"
#include "nn/train/run_report.h"
#include "nn/train/trainer.h"
#include "nn/train/training_task.h"

namespace thaw {

class KeptModels {
 public:
  // All must outlive it.
  KeptModels(TrainingTask& task, ParameterStore& store, const Optimizer& optimizer, const TrainingOptions& options,
             TrainerState& state, GuardedStep& step, RunReport& report)
      : task_(task),
        store_(store),
        optimizer_(optimizer),
        options_(options),
        state_(state),
        step_(step),
        report_(report),
        best_(options, state) {}

  // Evaluates the present weights: true if they are the best so far.
  bool evaluate();
  bool patience_is_over() const { return best_.patience_is_over(); }
  // Writes a checkpoint. False if that failed and the run is to go on.
  bool save();
  // Puts the best model's weights in the place of the present ones. std::runtime_error if its checkpoint is damaged.
  void load_best();
  // std::runtime_error: the present weights do not compute.
  void require_sound_weights();

 private:
  TrainingTask& task_;
  ParameterStore& store_;
  const Optimizer& optimizer_;
  const TrainingOptions& options_;
  TrainerState& state_;
  GuardedStep& step_;
  RunReport& report_;
  BestModel best_;
};

}  // namespace thaw
