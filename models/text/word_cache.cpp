// SPDX-License-Identifier: Apache-2.0
// A table of slots in shards, each behind its lock.
#include "models/text/word_cache.h"

#include <cstddef>
#include <functional>

namespace thaw {

bool WordCache::find(std::string_view word, std::vector<TokenPiece>& pieces) {
  if (word.size() > longest) return false;
  const size_t hash = std::hash<std::string_view>()(word);
  Shard& shard = shards_[hash % shard_count];
  const std::lock_guard lock(shard.mutex);
  if (shard.slots.empty()) return false;
  const Slot& slot = shard.slots[hash / shard_count % slot_count];
  if (slot.word != word) return false;
  pieces.insert(pieces.end(), slot.pieces.begin(), slot.pieces.end());
  return true;
}

void WordCache::keep(std::string_view word, const std::vector<TokenPiece>& pieces, size_t first) {
  if (word.size() > longest) return;
  const size_t hash = std::hash<std::string_view>()(word);
  Shard& shard = shards_[hash % shard_count];
  const std::lock_guard lock(shard.mutex);
  if (shard.slots.empty()) shard.slots.resize(slot_count);
  Slot& slot = shard.slots[hash / shard_count % slot_count];
  slot.word = word;
  slot.pieces.assign(pieces.begin() + static_cast<ptrdiff_t>(first), pieces.end());
}

}  // namespace thaw
