// SPDX-License-Identifier: Apache-2.0
// sentencepiece's precompiled character map: stretches of text and what stands in their place.
//
// The bytes are the size of a trie (u32, little endian), the trie as darts-clone lays it out (units of 32 bits in a
// double array), and the replacements, each ended by a NUL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

class CharacterMap {
 public:
  CharacterMap() = default;  // maps nothing
  // `where` names the file and the place in it. std::runtime_error if the trie is larger than the bytes, is not sound,
  // or points beyond the replacements, and if a replacement is not valid UTF-8.
  CharacterMap(std::string_view bytes, const std::string& where);

  struct Match {
    size_t size = 0;  // bytes of the text; 0: no entry matches
    std::string_view replacement;
  };
  // The longest entry that the text begins with, and the shortest. Only entries that end where a code point ends count.
  Match longest(std::string_view text) const;
  Match shortest(std::string_view text) const;

  bool empty() const { return units_.empty(); }

 private:
  // One unit: bit 8 says that the children hold a value, the low byte and bit 31 are the label, the rest is the offset.
  static bool has_leaf(uint32_t unit) { return (unit >> 8 & 1) != 0; }
  static uint32_t label(uint32_t unit) { return unit & 0x800000FF; }
  static uint32_t offset(uint32_t unit) { return unit >> 10 << ((unit & 0x200) >> 6); }
  static uint32_t value(uint32_t unit) { return unit & 0x7FFFFFFF; }

  void check_nodes(const std::string& where) const;
  void check_value(size_t unit, const std::string& where) const;
  std::string_view replacement(uint32_t unit) const;

  // Calls visit(bytes, unit of the value) for every entry that the text begins with, shorter ones first, until it
  // returns false.
  template <typename Visit>
  void match(std::string_view text, Visit visit) const;

  std::vector<uint32_t> units_;
  std::string replacements_;
};

}  // namespace thaw
