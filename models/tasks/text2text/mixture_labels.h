// SPDX-License-Identifier: Apache-2.0
// Tasks of a mixture whose targets are labels.
#pragma once

#include <string>
#include <vector>

#include "models/tasks/text2text/mixture_table.h"
#include "models/tasks/text2text/options.h"

namespace thaw {

// What the targets of a task may be whose metrics count labels: as its row says, or else what the file has that it is
// learnt from. Of another task nothing. std::runtime_error naming the row: targets that are no labels.
std::vector<std::string> labels_of(const MixtureTask& task, const Text2TextOptions& options);

}  // namespace thaw
