// SPDX-License-Identifier: Apache-2.0
// The key of what is drawn anew of an example in each epoch: masks of words, spans.
#pragma once

#include <cstdint>

#include "tensor/random_key.h"

namespace thaw {

// Instead of an epoch (they count from 0): what a model is judged by.
constexpr int64_t judging_epoch = -1;

// A function of its arguments alone. Its seed and stream are random 64-bit numbers: the streams of one key beside its
// own (stream + 1) are no other key's. Models are judged by seed 0, whatever the run's seed: a later evaluation draws
// the same.
RandomKey epoch_key(uint64_t seed, int64_t epoch, int64_t example);

}  // namespace thaw
