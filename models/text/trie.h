// SPDX-License-Identifier: Apache-2.0
// A set of byte strings as a double-array trie: one table look-up a byte.
//
// Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure", 1989: the child of node s by byte b
// is t = base[s] + b if check[t] == s.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

class Trie {
 public:
  static constexpr uint32_t root = 0;
  static constexpr uint32_t none = 0xFFFFFFFF;

  Trie() : Trie(std::vector<std::string>()) {}
  // The value of a key is its index. An empty key or a key that is there twice is a std::invalid_argument.
  explicit Trie(const std::vector<std::string>& keys);

  // The node reached by one more byte, or `none`.
  uint32_t step(uint32_t node, char byte) const {
    const uint32_t next = nodes_[node].base + static_cast<unsigned char>(byte);
    return next < nodes_.size() && nodes_[next].check == node ? next : none;
  }
  uint32_t walk(uint32_t node, std::string_view bytes) const {
    for (const char byte : bytes)
      if ((node = step(node, byte)) == none) break;
    return node;
  }
  // Index of the key that ends at a node, -1 if none does.
  int32_t value(uint32_t node) const { return nodes_[node].value; }
  // Index of a key, -1 if it is not in the set.
  int32_t find(std::string_view key) const {
    const uint32_t node = walk(root, key);
    return node == none ? -1 : value(node);
  }

 private:
  struct Node {
    uint32_t base = 0;  // may have wrapped below zero
    uint32_t check = none;
    int32_t value = -1;
  };
  std::vector<Node> nodes_;
};

}  // namespace thaw
