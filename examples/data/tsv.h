// SPDX-License-Identifier: Apache-2.0
// Writes tab-separated tables with a header line; models/data/table.h reads them.
#pragma once

#include <filesystem>

#include "examples/data/file_set.h"
#include "models/data/table.h"

namespace thaw {

// Adds the table to the files. A cell with a tab, a line break or a NUL is a std::invalid_argument.
void add_tsv(FileSet& files, const std::filesystem::path& path, const Table& table);
// The same of a single file: it is there whole or not at all.
void write_tsv(const std::filesystem::path& path, const Table& table);

}  // namespace thaw
