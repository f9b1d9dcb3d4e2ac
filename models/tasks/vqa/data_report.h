// SPDX-License-Identifier: Apache-2.0
// What `thaw data` tells of questions about pictures.
#pragma once

#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/vqa/options.h"

namespace thaw {

// Reads the splits, the training data first, with every picture. Bad rows are errors as they are in training, but for
// answers that training does not have. encoder: null if tokens are not to be looked at.
DataReport report_questions(const std::vector<DataSplit>& splits, const VqaOptions& options, const FieldNames& called,
                            const TextEncoder* encoder);

}  // namespace thaw
