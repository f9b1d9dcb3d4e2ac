// SPDX-License-Identifier: Apache-2.0
// Words with tags in JSONL: {"tokens": [...], "tags": [...]} a line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

struct TaggedRow {
  std::vector<std::string> tokens, tags;  // equally many
};

// A file is there whole or not at all; missing folders are made.
void write_tagged_rows(const std::filesystem::path& path, const std::vector<TaggedRow>& rows);

// What models/data/tagged_words.h reads. Throws std::runtime_error ("FILE:LINE: what is wrong").
std::vector<TaggedRow> read_tagged_rows(const std::filesystem::path& path);

}  // namespace thaw
