// SPDX-License-Identifier: Apache-2.0
// The stages of a schedule of freezing, before the training.
#pragma once

#include <cstdint>
#include <vector>

#include "models/tasks/task_model.h"
#include "nn/freeze/freeze_schedule.h"
#include "nn/parameter.h"
#include "nn/train/trainer.h"

namespace thaw {

// Are there no rules? Then what is frozen surprises nobody.
bool says_nothing(const FreezeSchedule& given);
// The rules that are given; without any, those that the task usually goes by, if it has some and the model no adapters.
// What nothing reads is held frozen.
FreezeSchedule schedule_for(const FreezeSchedule& given, TaskModel& model);

// Applies it, and marks what it trains as changed: checkpoints have that from the start on, so that the model of an
// earlier one is whole wherever it is loaded.
FreezeReport apply_to_train(const FreezeStage& stage, ParameterStore& store);

// Applies each stage and reports on it (of what is unread in each); in the end the first is applied.
// std::runtime_error: one trains nothing, or what is new is trained in none; std::invalid_argument as of
// FreezeStage::apply.
std::vector<FreezeReport> look_through(const std::vector<FreezeStage>& stages, ParameterStore& store);

// How many steps a training of so many examples spends in each stage; at most, if validation decides that.
std::vector<int64_t> steps_of_stages(const std::vector<FreezeStage>& stages, const TrainingOptions& training,
                                     int64_t examples);

// Warns on stderr of stages that the training ends before.
void warn_of_late_stages(const std::vector<FreezeStage>& stages, const TrainingOptions& training, int64_t examples);

// A line for each stage, if there are several.
void tell_of(const std::vector<FreezeStage>& stages, const std::vector<FreezeReport>& reports);

}  // namespace thaw
