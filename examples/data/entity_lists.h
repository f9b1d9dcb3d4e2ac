// SPDX-License-Identifier: Apache-2.0
// What a model that tags words must beat: the list of the entities that its training data have.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "examples/data/entity_files.h"
#include "models/metrics/entities.h"

namespace thaw {

// The entities of tagged words, each with its most frequent type (of equals, the first by name).
class EntityList {
 public:
  explicit EntityList(const std::vector<TaggedRow>& rows);

  // From left to right, the longest listed entity that begins at a word; letters must be the same, capitals too.
  std::vector<Entity> find(const std::vector<std::string>& words) const;

  bool has(const std::vector<std::string>& words) const { return types_.contains(words); }

 private:
  std::map<std::vector<std::string>, std::string> types_;
  size_t longest_ = 0;
};

// Its scores on other rows.
EntityScores list_scores(const EntityList& list, const std::vector<TaggedRow>& rows);

}  // namespace thaw
