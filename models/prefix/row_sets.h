// SPDX-License-Identifier: Apache-2.0
// The sets of a folder of rows: which process uses them, how much they take, and which goes when that is too much.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "models/prefix/open_file.h"

namespace thaw {

// Makes the set's folder if it is not there, and marks it as used for as long as the result lives.
std::unique_ptr<OpenFile> use_row_set(const std::filesystem::path& set);

// Removes sets that no process uses, the longest unused first, until `bytes` more fit into `most`. Returns how many
// bytes then fit.
int64_t make_room(const std::filesystem::path& folder, int64_t bytes, int64_t most);

}  // namespace thaw
