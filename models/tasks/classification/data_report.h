// SPDX-License-Identifier: Apache-2.0
// What `thaw data` tells of labelled texts.
#pragma once

#include <vector>

#include "models/tasks/classification/problem.h"
#include "models/tasks/task.h"

namespace thaw {

// Reads the splits, the training data first. Bad rows are errors as they are in training, but for labels that training
// does not know. encoder: null if tokens are not to be looked at.
DataReport report_labelled_texts(const std::vector<DataSplit>& splits, const ClassificationOptions& options,
                                 const Problem& problem, const TextEncoder* encoder);

}  // namespace thaw
