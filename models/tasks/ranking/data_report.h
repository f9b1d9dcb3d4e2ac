// SPDX-License-Identifier: Apache-2.0
// What `thaw data` tells of rows to rank.
#pragma once

#include <vector>

#include "models/tasks/ranking/options.h"
#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

// Reads the splits, the training data first. Bad rows are errors as they are in training. encoder: null if tokens are
// not to be looked at.
DataReport report_ranked_rows(const std::vector<DataSplit>& splits, const RankingOptions& options,
                              const TextEncoder* encoder);

}  // namespace thaw
