// SPDX-License-Identifier: Apache-2.0
// Words with tags in JSONL: {"tokens": [...], "tags": [...]} a line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

struct TaggedWords {
  std::vector<std::string> tokens, tags;  // equally many
};

// A file is there whole or not at all; missing folders are made.
void write_tagged_words(const std::filesystem::path& path, const std::vector<TaggedWords>& rows);

// Throws std::runtime_error ("FILE:LINE: what is wrong").
std::vector<TaggedWords> read_tagged_words(const std::filesystem::path& path);

}  // namespace thaw
