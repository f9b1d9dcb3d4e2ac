// SPDX-License-Identifier: Apache-2.0
// Splits of drawn sequences of which no two see the same.
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_set>

#include "models/data/sequences/random_draws.h"
#include "models/data/sequences/sequence.h"

namespace thaw {

// `draw` gives a sequence, or nothing: then it is asked again. std::invalid_argument, if there are hardly so many.
SequenceSplits distinct_draws(const SplitSizes& sizes, uint64_t seed,
                              const std::function<std::optional<LabelledSequence>(RandomDraws&)>& draw);

}  // namespace thaw
