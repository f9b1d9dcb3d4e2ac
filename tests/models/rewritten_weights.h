// SPDX-License-Identifier: Apache-2.0
// Changes the weights of a directory that a test has written.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "models/hub/shards.h"

namespace thaw {

// Entry by entry.
inline void rewrite(const std::string& directory, const std::function<void(std::vector<SafetensorsEntry>&)>& change) {
  std::vector<std::vector<std::byte>> bytes;
  std::vector<SafetensorsEntry> entries;
  {
    const ModelWeights weights(directory);
    for (const SafetensorsEntry* entry : weights.entries()) {
      bytes.emplace_back(entry->bytes.begin(), entry->bytes.end());
      entries.push_back(*entry);
    }
  }
  for (size_t i = 0; i < entries.size(); ++i) entries[i].bytes = bytes[i];
  change(entries);
  write_model_weights(directory, entries);
}

inline void rename(const std::string& directory, const std::function<std::string(std::string)>& name) {
  rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
    for (SafetensorsEntry& entry : entries) entry.name = name(entry.name);
  });
}

inline SafetensorsEntry& entry_named(std::vector<SafetensorsEntry>& entries, const std::string& name) {
  const auto found = std::ranges::find(entries, name, &SafetensorsEntry::name);
  REQUIRE(found != entries.end());
  return *found;
}

}  // namespace thaw
