// SPDX-License-Identifier: Apache-2.0
// What `thaw data` tells of pairs.
#pragma once

#include <vector>

#include "models/tasks/pairs/options.h"
#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

// Reads the splits, the training data first, and every picture or sound. encoder: null if tokens are not to be looked
// at.
DataReport report_pairs(const std::vector<DataSplit>& splits, const PairOptions& options, const TextEncoder* encoder);

}  // namespace thaw
