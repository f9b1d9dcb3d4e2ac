// SPDX-License-Identifier: Apache-2.0
// Entities as tags of words: the way back from models/metrics/entities.h.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/metrics/entities.h"

namespace thaw {

// Tags of `words` words: B-TYPE where an entity begins, I-TYPE where it goes on, O elsewhere. Entities do not overlap.
std::vector<std::string> bio_tags(const std::vector<Entity>& entities, size_t words);

// Words [begin, begin + count) as an entity.
Entity entity_at(size_t begin, size_t count, std::string type);

// The words of an entity.
std::vector<std::string> words_of_entity(const std::vector<std::string>& words, const Entity& entity);

}  // namespace thaw
