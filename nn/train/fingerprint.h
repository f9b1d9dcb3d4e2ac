// SPDX-License-Identifier: Apache-2.0
// What decides the numbers of a run: runs with different fingerprints are no continuations of each other.
#pragma once

#include <map>
#include <string>

#include "nn/train/trainer.h"

namespace thaw {

// Name -> value: the options that change the computation, and checksums of the examples' lengths and of the trained
// parameters' names and rows.
using Fingerprint = std::map<std::string, std::string>;

Fingerprint run_fingerprint(const TrainingOptions& options, const ParameterStore& store,
                            std::span<const int64_t> lengths, int64_t total_steps);

// "learning_rate was 0.01, is 0.02; seed was 42, is 43": empty if they are the same.
std::string fingerprint_difference(const Fingerprint& then, const Fingerprint& now);

}  // namespace thaw
