// SPDX-License-Identifier: Apache-2.0
// Running a model over all examples of a data set, to judge it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "models/tasks/task_model.h"

namespace thaw {

// The mean of the loss's terms. `run` computes batches of examples of like lengths, in evaluation mode and without
// gradients, and gives the sum of their terms.
double evaluate_in_batches(ParameterStore& store, const Examples& examples,
                           const std::function<double(std::span<const int64_t> batch)>& run);

}  // namespace thaw
