// SPDX-License-Identifier: Apache-2.0
// Builds the double array breadth first, filling holes as they come.
#include "models/text/trie.h"

#include <algorithm>
#include <deque>
#include <numeric>

#include "tensor/check.h"

namespace thaw {

namespace {

// The free slots of the array, as a doubly linked list in ascending order. Slot 0 is the root and stands for the list's
// ends.
class FreeSlots {
 public:
  bool is_free(uint32_t slot) const { return slot >= next_.size() || next_[slot] != taken; }
  uint32_t first() const { return next_.empty() ? 0 : next_[0]; }
  uint32_t after(uint32_t slot) const { return next_[slot]; }
  uint32_t size() const { return static_cast<uint32_t>(next_.size()); }

  void grow(uint32_t size) {
    while (next_.size() < size) {
      const auto slot = this->size();
      if (slot == 0) {
        next_.push_back(0);
        before_.push_back(0);
        continue;
      }
      const uint32_t last = before_[0];
      next_.push_back(0);
      before_.push_back(last);
      next_[last] = slot;
      before_[0] = slot;
    }
  }
  void take(uint32_t slot) {
    grow(slot + 1);
    next_[before_[slot]] = next_[slot];
    before_[next_[slot]] = before_[slot];
    next_[slot] = taken;
  }

 private:
  static constexpr uint32_t taken = Trie::none;
  std::vector<uint32_t> next_, before_;
};

// A base (modulo 2^32) at which all the bytes' slots are free. Holes are tried a bounded number of times, then the end
// is used.
uint32_t find_base(const FreeSlots& slots, const std::vector<unsigned char>& bytes) {
  constexpr int tries = 64;
  uint32_t slot = slots.first();
  for (int i = 0; i < tries && slot != 0; ++i, slot = slots.after(slot)) {
    const uint32_t base = slot - bytes[0];
    if (std::ranges::all_of(bytes, [&](unsigned char b) { return slots.is_free(base + b); })) return base;
  }
  return slots.size() - bytes[0];
}

}  // namespace

Trie::Trie(const std::vector<std::string>& keys) {
  std::vector<int32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](size_t i) -> const std::string& { return keys[static_cast<size_t>(order[i])]; };
  std::sort(order.begin(), order.end(),
            [&](int32_t a, int32_t b) { return keys[static_cast<size_t>(a)] < keys[static_cast<size_t>(b)]; });
  for (size_t i = 0; i < order.size(); ++i) {
    check(!key(i).empty(), "an empty key in a trie");
    check(i == 0 || key(i - 1) != key(i), "key \"{}\" is in the trie twice", key(i));
  }

  struct Pending {
    uint32_t node;
    size_t begin, end, depth;  // keys [begin, end) share their first `depth` bytes
  };
  FreeSlots slots;
  slots.grow(1);
  nodes_.resize(1);
  std::deque<Pending> queue{{root, 0, order.size(), 0}};
  std::vector<unsigned char> bytes;
  while (!queue.empty()) {
    auto [node, begin, end, depth] = queue.front();
    queue.pop_front();
    if (begin < end && key(begin).size() == depth) nodes_[node].value = order[begin++];
    if (begin == end) {
      nodes_[node].base = 0;  // its "children" belong to others: check tells
      continue;
    }
    bytes.clear();
    for (size_t i = begin; i < end; ++i) {
      const auto byte = static_cast<unsigned char>(key(i)[depth]);
      if (bytes.empty() || bytes.back() != byte) bytes.push_back(byte);
    }
    const uint32_t base = find_base(slots, bytes);
    nodes_[node].base = base;
    size_t from = begin;
    for (const unsigned char byte : bytes) {
      const uint32_t child = base + byte;
      slots.take(child);
      if (nodes_.size() < slots.size()) nodes_.resize(slots.size());
      nodes_[child].check = node;
      size_t to = from;
      while (to < end && static_cast<unsigned char>(key(to)[depth]) == byte) ++to;
      queue.push_back({child, from, to, depth + 1});
      from = to;
    }
  }
}

}  // namespace thaw
