// SPDX-License-Identifier: Apache-2.0
// What decides the results of a run, from the options as they were given: to know a finished run again.
#pragma once

#include <string>

#include "examples/thaw/training_arguments.h"
#include "models/tasks/task.h"
#include "nn/train/fingerprint.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// Option -> value, by the option's first name, however it was spelled. Left out: what has its default, or
// what would be found without it (--task, --max-length, --problem-type), and what changes no result (device, memory,
// logs, checkpoints; what another option overrules; evaluations where they decide nothing). Files of data count by
// their content, numbers by their value, the model by its path.
Fingerprint recipe_of(const CLI::App& command, const TrainingArguments& arguments, const Task& task);

// Rules of freezing, as text, with checksums of the files of element masks that they name.
std::string with_content_of_masks(const std::string& rules);

}  // namespace thaw
