// SPDX-License-Identifier: Apache-2.0
// Entities to tags.
#include "examples/data/bio_tags.h"

#include <cstdint>
#include <utility>

namespace thaw {

std::vector<std::string> bio_tags(const std::vector<Entity>& entities, size_t words) {
  std::vector<std::string> tags(words, "O");
  for (const auto& [type, begin, last] : entities) {
    for (int64_t i = begin; i <= last; ++i) tags.at(static_cast<size_t>(i)) = (i == begin ? "B-" : "I-") + type;
  }
  return tags;
}

Entity entity_at(size_t begin, size_t count, std::string type) {
  return {std::move(type), static_cast<int64_t>(begin), static_cast<int64_t>(begin + count) - 1};
}

std::vector<std::string> words_of_entity(const std::vector<std::string>& words, const Entity& entity) {
  return {words.begin() + entity.begin, words.begin() + entity.last + 1};
}

}  // namespace thaw
