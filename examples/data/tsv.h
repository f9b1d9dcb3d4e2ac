// SPDX-License-Identifier: Apache-2.0
// Writes tab-separated tables with a header line; models/data/table.h reads them.
#pragma once

#include <filesystem>

#include "models/data/table.h"

namespace thaw {

// A file is there whole or not at all; missing folders are made. A cell with a tab, a line break or a NUL is a
// std::invalid_argument.
void write_tsv(const std::filesystem::path& path, const Table& table);

}  // namespace thaw
