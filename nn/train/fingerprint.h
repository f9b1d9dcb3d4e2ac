// SPDX-License-Identifier: Apache-2.0
// What decides the numbers of a run: runs with different fingerprints are no continuations of each other.
#pragma once

#include <string>

#include "nn/train/trainer.h"

namespace thaw {

// The options that change the computation, and hashes of the examples' lengths and of the trained parameters' names and
// rows; as text, so that an error can show both.
std::string run_fingerprint(const TrainingOptions& options, const ParameterStore& store,
                            std::span<const int64_t> lengths, int64_t total_steps);

}  // namespace thaw
