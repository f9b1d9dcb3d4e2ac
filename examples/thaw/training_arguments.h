// SPDX-License-Identifier: Apache-2.0
// The options of a training, which finetune, lr-find and plan have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "examples/thaw/arguments.h"
#include "examples/thaw/optimizer_arguments.h"
#include "examples/thaw/task_arguments.h"
#include "models/tasks/task.h"
#include "nn/train/trainer.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

struct TrainingArguments {
  ModelArguments model;
  DataArguments data;
  TaskArguments tasks{TaskUse::training};
  FreezeArguments freeze;
  CacheArguments cache;
  TrainingOptions training;
  OptimizerArguments optimizer;
  std::string rate_note;  // where the rate comes from, if it was not given
};

// All of them, with --config.
void add_training_arguments(CLI::App& command, TrainingArguments& arguments);

// After the command line is read: settles optimizer, rate and task, and returns that. A rate that is not given is that
// of the model's family: from then on it is the option's default. Errors are those of the choices.
Task& choose(CLI::App& command, TrainingArguments& arguments);

// The options that may be repeated, in their order, as names and values.
std::vector<std::pair<std::string, std::string>> repeated_options(const TrainingArguments& arguments);

}  // namespace thaw
