// SPDX-License-Identifier: Apache-2.0
// JSONL of words and tags.
#include "examples/data/entity_files.h"

#include <fmt/format.h>

#include <fstream>

#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"
#include "tensor/io/json_line.h"

namespace thaw {

void write_tagged_rows(const std::filesystem::path& path, const std::vector<TaggedRow>& rows) {
  std::string text;
  for (const auto& [tokens, tags] : rows) {
    check(tokens.size() == tags.size(), "{}: {} tags for {} words", path.string(), tags.size(), tokens.size());
    text += Json::object().set("tokens", tokens).set("tags", tags).dump() + '\n';
  }
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  write_file_atomically(path.string(), text);
}

std::vector<TaggedRow> read_tagged_rows(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) fail("{}: cannot be read", path.string());
  std::vector<TaggedRow> rows;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const auto where = fmt::format("{}:{}", path.string(), number);
    const auto json = parse_json_line(line, where);
    rows.push_back({json.get_strings("tokens"), json.get_strings("tags")});
    const auto& [tokens, tags] = rows.back();
    if (tokens.size() != tags.size()) fail("{}: {} tags for {} words", where, tags.size(), tokens.size());
  }
  return rows;
}

}  // namespace thaw
