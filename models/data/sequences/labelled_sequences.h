// SPDX-License-Identifier: Apache-2.0
// Labelled sequences of a file, of any kind that is known.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/sequences/sequence.h"

namespace thaw {

// What the sequences of a file have in common; `patch`: of pictures. Errors name what is wrong with the file.
SequenceFormat format_of_file(const std::string& path, int64_t patch);

// Those of a file, which must be of that format. std::runtime_error naming file and line, of sequences of more than
// `most_rows` rows, too.
std::vector<LabelledSequence> read_labelled_sequences(const std::string& path, const SequenceFormat& format,
                                                      int64_t patch, int64_t most_rows = INT64_MAX);

}  // namespace thaw
