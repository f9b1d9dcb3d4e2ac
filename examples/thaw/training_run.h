// SPDX-License-Identifier: Apache-2.0
// A model that is opened to be trained, with its examples: what finetune and lr-find begin with.
#pragma once

#include <memory>
#include <vector>

#include "examples/thaw/compressed_base.h"
#include "examples/thaw/run_examples.h"
#include "examples/thaw/training_arguments.h"
#include "models/tasks/task.h"
#include "models/tasks/task_model.h"
#include "nn/freeze/freeze_schedule.h"

namespace thaw {

struct TrainingRun {
  std::unique_ptr<TaskModel> model;
  std::vector<FreezeStage> stages;    // of which the first is applied
  std::vector<FreezeReport> reports;  // of each
  bool has_rules = false;             // somebody's, not the task's usual ones
  RunExamples examples;
  CompressedBase base = {};
};

// The task has looked at the data; what stays frozen is kept as --frozen-dtype says. std::runtime_error: nothing is
// trained; other errors are those of opening the model and reading the files.
TrainingRun open_for_training(const TrainingArguments& arguments, Task& task, const FreezeSchedule& schedule);

// Refuses the run if it does not fit (rehearse()) or cannot learn (check_micro_batches()), and tells what is trained
// where, and on stderr if its device was found to compute wrongly. Has what a frozen part gives kept
// (keep_frozen()), as far as the run leaves memory, if that is wanted; returns what that will be.
KeptTexts announce(const TrainingRun& run, const TrainingArguments& arguments, bool keeps = false);

}  // namespace thaw
