// SPDX-License-Identifier: Apache-2.0
// What `thaw data` tells of questions.
#pragma once

#include <vector>

#include "models/tasks/qa/options.h"
#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

// Reads the splits, the training data first. encoder: null if tokens are not to be looked at.
DataReport report_questions(const std::vector<DataSplit>& splits, const QaOptions& options, const TextEncoder* encoder);

}  // namespace thaw
