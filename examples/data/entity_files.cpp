// SPDX-License-Identifier: Apache-2.0
// JSONL of words and tags.
#include "examples/data/entity_files.h"

#include <utility>

#include "models/data/tagged_words.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {

void add_tagged_rows(FileSet& files, const std::filesystem::path& path, const std::vector<TaggedRow>& rows) {
  std::string text;
  for (const auto& [tokens, tags] : rows) {
    check(tokens.size() == tags.size(), "{}: {} tags for {} words", path.string(), tags.size(), tokens.size());
    text += Json::object().set("tokens", tokens).set("tags", tags).dump() + '\n';
  }
  files.add(path, text);
}

std::vector<TaggedRow> read_tagged_rows(const std::filesystem::path& path) {
  TaggedReading reading;
  reading.tags_member = "tags";
  TaggedWords sentences(path, reading);
  std::vector<TaggedRow> rows;
  for (TaggedSentence sentence; sentences.next(sentence);)
    rows.push_back({std::move(sentence.words), std::move(sentence.tags)});
  return rows;
}

}  // namespace thaw
