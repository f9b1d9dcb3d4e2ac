// SPDX-License-Identifier: Apache-2.0
// What finetune and others check before they read or compute anything, as early as it can be known.
#pragma once

#include <string>
#include <vector>

#include "examples/thaw/arguments.h"
#include "models/tasks/task.h"
#include "models/tasks/task_model.h"
#include "nn/freeze/freeze_schedule.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// Options alone: ranges, contradictions, validation data that is asked for but not given, an output directory that
// cannot be used; and that files of data are there. Warns on stderr of options that were given and have no effect.
// Throws CLI::ValidationError, std::invalid_argument or std::runtime_error.
void check_arguments(const CLI::App& command, const ModelArguments& model, const DataArguments& data,
                     const TrainingOptions& training, const Task& task);

// Takes up what an option of the task names in place of files (Task::own_data), as the training file.
// CLI::ValidationError: files beside it; neither it nor --train-file where data are needed.
void take_own_data(const CLI::App& command, const Task& task, DataArguments& data, bool needs_data = true);

// std::runtime_error: a file of data is not there, or can be read only once (a pipe): it is looked at before it is
// read.
void check_data_file(const std::string& file);
void check_data_files(const DataArguments& data);

// Lets the task look at the training data, and tells on stderr what it made of them.
void look_at(Task& task, const ModelArguments& model, const DataArguments& data);

// What rules would train and nothing reads, in a line; empty: nothing.
std::string unread_text(const FreezeReport& report);
// std::runtime_error: nothing is trained.
void check_trained(const FreezeReport& report);
// What each rule is about, what nothing reads, and on stderr what rules freeze above something that is trained;
// parallel: see frozen_above_trained().
void tell_of(const FreezeReport& report, bool warns, const std::vector<std::vector<std::string>>& parallel);

// std::invalid_argument: examples that are told from the others of their micro-batch are alone in all micro-batches of
// the first epoch. Warns on stderr where most are.
void check_micro_batches(const Examples& examples, const TrainingOptions& training);

// Refuses a run that does not fit into memory, or whose checkpoints do not fit on the disk of its output directory, if
// it has one: its largest step runs on the device that computes nothing. std::runtime_error with the numbers. Tells on
// the standard output what a checkpoint takes. Gives what is left of the host's memory.
int64_t rehearse(TaskModel& model, const std::vector<FreezeStage>& stages, const Examples& examples,
                 const TrainingOptions& training, const OptimizerArguments& optimizer);

}  // namespace thaw
