// SPDX-License-Identifier: Apache-2.0
// What a model that tags words must beat: the list of the entities that its training data have.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "examples/data/bio_tags.h"
#include "examples/data/entity_files.h"

namespace thaw {

// The entities of tagged words, each with its most frequent type (of equals, the first by name).
class EntityList {
 public:
  explicit EntityList(const std::vector<TaggedRow>& rows);

  // From left to right, the longest listed entity that begins at a word; letters must be the same, capitals too.
  std::vector<MarkedSpan> find(const std::vector<std::string>& words) const;

  // Whether words [begin, end) are listed.
  bool knows(const std::vector<std::string>& words, const MarkedSpan& span) const;

 private:
  std::map<std::vector<std::string>, std::string> types_;
  size_t longest_ = 0;
};

// Its scores on other rows: of each type, and of all under "".
std::map<std::string, MarkedScores> list_scores(const EntityList& list, const std::vector<TaggedRow>& rows);

}  // namespace thaw
