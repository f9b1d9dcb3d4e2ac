// SPDX-License-Identifier: Apache-2.0
// What `thaw data` tells of words with labels.
#pragma once

#include <vector>

#include "models/data/field_names.h"
#include "models/data/labels.h"
#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/tokens/options.h"

namespace thaw {

// Reads the splits, the training data first. Bad rows are errors as they are in training, but for labels that training
// does not know. encoder: null if tokens are not to be looked at.
DataReport report_tagged_words(const std::vector<DataSplit>& splits, const TokensOptions& options,
                               const LabelSet& labels, const TextEncoder* encoder, const FieldNames& called);

}  // namespace thaw
