// SPDX-License-Identifier: Apache-2.0
// Running a model over examples of a data set, to judge it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "models/tasks/task_model.h"

namespace thaw {

// The mean of the loss's terms of these examples, or their sum divided by `count`. `run` computes batches of them, of
// like lengths, in evaluation mode and without gradients, and gives the sum of their terms; `places`: where each stands
// in `which`.
double evaluate_in_batches(
    ParameterStore& store, const Examples& examples, std::span<const int64_t> which,
    const std::function<double(std::span<const int64_t> batch, std::span<const int64_t> places)>& run,
    double count = 0);

// The same of examples whose lengths as they are judged are others than those of the epoch that began last: of all of
// them, in their order.
double evaluate_in_batches(
    ParameterStore& store, const Examples& examples, std::span<const int64_t> lengths, std::span<const int64_t> which,
    const std::function<double(std::span<const int64_t> batch, std::span<const int64_t> places)>& run,
    double count = 0);

}  // namespace thaw
