// SPDX-License-Identifier: Apache-2.0
// Counts of pairs of tokens while a vocabulary is trained, and the words that each came to be in since it was last
// looked at.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace thaw {

struct TokenPair {
  uint32_t left, right;
  auto operator<=>(const TokenPair&) const = default;
};

class PairCounts {
 public:
  PairCounts() : slots_(1024) {}

  void add(TokenPair pair, int64_t count) { entry(pair).count += count; }
  // The pair is in this word, which is noted; words come in order.
  void add(TokenPair pair, int64_t count, uint32_t word) {
    const size_t index = index_of(pair);
    Entry& found = entries_[index];
    found.count += count;
    if (found.words.empty()) noted_.push_back(index);
    if (found.words.empty() || found.words.back() != word) found.words.push_back(word);
  }

  // 0 if the pair was never there.
  int64_t count(TokenPair pair) { return entry(pair).count; }

  // Calls take(pair, count, words) for every pair that words were noted for, and forgets these.
  template <typename Take>
  void take_noted(Take&& take) {
    for (const size_t index : noted_) {
      Entry& entry = entries_[index];
      take(entry.pair, entry.count, std::exchange(entry.words, {}));
    }
    noted_.clear();
  }

 private:
  struct Entry {
    TokenPair pair;
    int64_t count = 0;
    std::vector<uint32_t> words;
  };

  Entry& entry(TokenPair pair) { return entries_[index_of(pair)]; }
  size_t index_of(TokenPair pair) {
    size_t slot = slot_of(pair);
    if (slots_[slot] == 0) {
      if (2 * (entries_.size() + 1) > slots_.size()) {
        grow();
        slot = slot_of(pair);
      }
      entries_.push_back({pair, 0, {}});
      slots_[slot] = static_cast<uint32_t>(entries_.size());
    }
    return slots_[slot] - 1;
  }
  // Where the pair is, or the free slot where it would be.
  size_t slot_of(TokenPair pair) const {
    const uint64_t key = static_cast<uint64_t>(pair.left) << 32 | pair.right;
    size_t slot = static_cast<size_t>((key * 0x9E3779B97F4A7C15ULL) >> 20) & (slots_.size() - 1);
    while (slots_[slot] != 0 && entries_[slots_[slot] - 1].pair != pair) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }
  void grow() {
    slots_.assign(2 * slots_.size(), 0);
    for (size_t i = 0; i < entries_.size(); ++i) slots_[slot_of(entries_[i].pair)] = static_cast<uint32_t>(i) + 1;
  }

  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;  // hash table: 1 + index of an entry, 0 where free; its size is a power of 2
  std::vector<size_t> noted_;    // entries with words
};

}  // namespace thaw
