// SPDX-License-Identifier: Apache-2.0
// The names of a classifier's classes, as a config.json tells them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

class Json;

// By class number; empty if the file names none. id2label decides, read as the reference library reads it: as many
// classes as it has entries, numbered from 0; a name may be a number, true or false; a class without a name gets one.
// Files without it have label2id, or num_labels alone; a num_labels that contradicts takes the names away, as in the
// reference library. `notes` receives a line for each thing that is odd. Throws std::runtime_error naming file and key.
std::vector<std::string> read_class_labels(const Json& config, std::vector<std::string>& notes);

// LABEL_0, LABEL_1, ...: what the reference library calls classes without names.
std::vector<std::string> made_up_labels(int64_t count);

}  // namespace thaw
