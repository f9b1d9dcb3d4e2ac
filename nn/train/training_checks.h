// SPDX-License-Identifier: Apache-2.0
// What can be known of a run before its first step, so that no work is lost to it later.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nn/train/trainer.h"

namespace thaw {

// "no", "epoch", "steps"
std::string name_of(Interval interval);

// Optimizer steps of one epoch over so many examples.
int64_t steps_per_epoch(int64_t examples, const BatchOptions& options);
// Of the whole run. std::invalid_argument if the examples do not fill one step, or if there are too many to count.
int64_t total_steps(const TrainingOptions& options, int64_t examples);
// Steps in which the rate rises, of so many in all.
int64_t warmup_steps(const TrainingOptions& options, int64_t total);

// "accuracy" for "accuracy" and, as the Trainer has it, for "eval_accuracy".
std::string metric_name(const std::string& given);
// Does what the evaluations give change the result (the best model, early stopping)?
bool validation_decides(const TrainingOptions& options);

// std::invalid_argument: an option out of its range, or options that contradict each other.
void check_options(const TrainingOptions& options);
// std::invalid_argument: the metric is none of `names`, those that the evaluation gives, or validation data is needed
// and there is none.
void check_evaluation(const TrainingOptions& options, const std::vector<std::string>& names, bool has_validation);
// The directory itself or, as far as it is yet to be made, the nearest one above it that is there.
std::filesystem::path existing_part(const std::filesystem::path& directory);
// std::runtime_error: the directory cannot be made or written to, or something else is in the way. Makes nothing.
void check_output_directory(const std::filesystem::path& directory);
// std::runtime_error: the directory holds checkpoints, which a new run would mix with its own.
void check_no_checkpoints(const std::filesystem::path& directory);

// What is allowed, but hardly meant: one line each.
std::vector<std::string> doubtful_options(const TrainingOptions& options, int64_t total);

}  // namespace thaw
