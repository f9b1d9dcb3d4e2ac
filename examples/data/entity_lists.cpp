// SPDX-License-Identifier: Apache-2.0
// Lists of entities, and what they find.
#include "examples/data/entity_lists.h"

#include <algorithm>

#include "examples/data/bio_tags.h"

namespace thaw {

using Words = std::vector<std::string>;

EntityList::EntityList(const std::vector<TaggedRow>& rows) {
  std::map<Words, std::map<std::string, int>> counts;
  for (const auto& [tokens, tags] : rows) {
    for (const auto& entity : entities_of(tags)) ++counts[words_of_entity(tokens, entity)][entity.type];
  }
  for (const auto& [words, types] : counts) {
    const auto most =
        std::max_element(types.begin(), types.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    types_.emplace(words, most->first);
    longest_ = std::max(longest_, words.size());
  }
}

std::vector<Entity> EntityList::find(const Words& words) const {
  std::vector<Entity> entities;
  for (size_t at = 0; at < words.size();) {
    size_t count = std::min(longest_, words.size() - at);
    for (; count > 0; --count) {
      auto entity = entity_at(at, count, "");
      const auto found = types_.find(words_of_entity(words, entity));
      if (found == types_.end()) continue;
      entity.type = found->second;
      entities.push_back(entity);
      break;
    }
    at += std::max<size_t>(count, 1);
  }
  return entities;
}

EntityScores list_scores(const EntityList& list, const std::vector<TaggedRow>& rows) {
  EntityCounts counts;
  for (const auto& [tokens, tags] : rows) counts.add(tags, bio_tags(list.find(tokens), tokens.size()));
  return counts.scores();
}

}  // namespace thaw
