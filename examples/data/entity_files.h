// SPDX-License-Identifier: Apache-2.0
// Words with tags in JSONL: {"tokens": [...], "tags": [...]} a line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "examples/data/file_set.h"

namespace thaw {

struct TaggedRow {
  std::vector<std::string> tokens, tags;  // equally many
};

// Adds the rows to the files. std::invalid_argument if a row has not as many tags as words.
void add_tagged_rows(FileSet& files, const std::filesystem::path& path, const std::vector<TaggedRow>& rows);

// What models/data/tagged_words.h reads. Throws std::runtime_error ("FILE:LINE: what is wrong").
std::vector<TaggedRow> read_tagged_rows(const std::filesystem::path& path);

}  // namespace thaw
