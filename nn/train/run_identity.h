// SPDX-License-Identifier: Apache-2.0
// The identity of a run, from its options, its parameters and its task.
#pragma once

#include <cstdint>

#include "nn/optim/optimizer.h"
#include "nn/parameter.h"
#include "nn/train/fingerprint.h"
#include "nn/train/trainer.h"

namespace thaw {

// training: the options that change the computation, the optimizer with its options and rules, the number of steps,
// dtype, names and rows of what is trained at first and how that changes, checksum of the examples' lengths, and what
// the task adds. validation: how and on what is evaluated. circumstances: device and batch_tokens, which change
// rounding and, with dropout, the masks that are drawn; batch_tokens are training's where batches decide the loss. Not
// in it: what changes no weight, as intervals of logs and checkpoints.
// What stands for the number of steps where more of them change nothing of those before.
inline constexpr const char* any_steps = "as many as wanted";

RunIdentity run_identity(const TrainingOptions& options, const ParameterStore& store, const Optimizer& optimizer,
                         const TrainingTask& task, int64_t total_steps);

}  // namespace thaw
