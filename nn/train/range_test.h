// SPDX-License-Identifier: Apache-2.0
// Which learning rate? The range test (Smith 2017, "Cyclical learning rates for training neural networks", section
// 3.3): a short training whose rate grows from step to step until the loss grows, too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "nn/optim/optimizer.h"
#include "nn/parameter.h"
#include "nn/train/trainer.h"
#include "nn/train/training_task.h"

namespace thaw {

struct RangeTestOptions {
  double start_rate = 1e-7, end_rate = 10;  // of the first and the last step; each step's is the same times the last's
  int64_t steps = 100;
  double stop_factor = 4;  // ends when the mean of the last losses is so many times its least
};

struct RangeTestPoint {
  double rate = 0, loss = 0;  // of the step that was updated at this rate, before that update
  double smoothed = 0;        // of the losses around it
};

struct RangeTest {
  std::vector<RangeTestPoint> points;  // by rising rate; their losses are finite
  bool diverged = false;               // it ended before its last step
};

// Trains the store's trained parameters as train() would, with those options' batches, seed and clipping, at these
// rates; the parameters are spoiled then. progress: told of each step, if it is not empty. std::invalid_argument: rates
// or numbers that are no range, nothing to train, a trained parameter that gets no gradient. std::runtime_error: the
// first step's loss is not finite, memory that does not suffice.
RangeTest range_test(TrainingTask& task, ParameterStore& store, Optimizer& optimizer, const TrainingOptions& options,
                     const RangeTestOptions& range, const std::function<void(const RangeTestPoint&)>& progress = {});

struct SuggestedRates {
  double steepest = 0;       // where the smoothed loss falls fastest over the logarithm of the rate
  double minimum = 0;        // where it is least
  double below_minimum = 0;  // a tenth of that: the least is already at the edge
};
// Nothing if the loss did not fall by a twentieth.
std::optional<SuggestedRates> suggested_rates(const RangeTest& test);

}  // namespace thaw
