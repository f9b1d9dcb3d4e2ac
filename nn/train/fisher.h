// SPDX-License-Identifier: Apache-2.0
// How much each number of a model matters to its training examples.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "nn/parameter.h"
#include "nn/train/training_task.h"

namespace thaw {

// The diagonal of the empirical Fisher information, as FISH masks take it (Sung, Nair, Raffel 2021, "Training neural
// networks with fixed sparse masks"): of each number of each trained parameter, in the order of store.trained(), the
// mean over the training examples of (d loss / d number)^2. What is squared is the gradient of one example alone, never
// of a batch: its loss is that of a micro-batch of one (the sum of its terms divided by their number), with the labels
// of the data, without dropout. Examples without terms count as gradients of 0.
//
// The parameters stay as they are. progress: told after each example, if it is not empty. std::invalid_argument:
// nothing is trained; a parameter is trained by rows or elements; an example's loss depends on others in its batch
// (contrast); no example's gradient reaches a trained parameter. std::runtime_error: an example's loss is not finite.
std::vector<Tensor> fisher_information(TrainingTask& task, ParameterStore& store,
                                       const std::function<void(int64_t)>& progress = {});

}  // namespace thaw
