// SPDX-License-Identifier: Apache-2.0
// Offsets follow from what the library notes of each character: how many of the old ones it takes the place of.
#include "models/text/precompiled_normalizer.h"

#include <cstddef>
#include <vector>

#include "models/text/grapheme.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// A character of the new text. change > 0: it was put in behind the one before; else it stands for 1 - change
// characters.
struct Character {
  char32_t code;
  int64_t change;
};

// What is longer than the old text was put in at its end; where it is shorter, the last character, even one of what
// came before, stands for the rest. At the beginning of a text nothing does.
void replace(std::string_view from, std::string_view to, std::vector<Character>& out) {
  int64_t surplus = -static_cast<int64_t>(count_code_points(from));
  const size_t begin = out.size();
  for (size_t at = 0; at < to.size(); ++surplus) out.push_back({next_code_point(to, at), 0});
  for (size_t i = out.size(); i > begin && surplus > 0; --surplus) out[--i].change = 1;
  if (surplus < 0 && !out.empty()) out.back().change += surplus;
}

}  // namespace

void PrecompiledNormalizer::normalize(std::string_view piece, uint32_t first, NormalizedText& out) const {
  constexpr size_t longest_cluster = 5;
  std::vector<Character> characters;
  characters.reserve(piece.size());
  const auto put = [&](std::string_view part) {
    const CharacterMap::Match match = map->shortest(part);
    if (match.size > 0) replace(part, match.replacement, characters);
    return match.size > 0;
  };
  for (size_t at = 0; at < piece.size();) {
    const size_t size = grapheme_size(piece, at);
    const std::string_view cluster = piece.substr(at, size);
    at += size;
    if (size <= longest_cluster && put(cluster)) continue;
    for (size_t i = 0; i < size;) {
      const size_t begin = i;
      const char32_t code = next_code_point(cluster, i);
      if (!put(cluster.substr(begin, i - begin))) characters.push_back({code, 0});
    }
  }
  out.clear();
  out.text.reserve(piece.size());
  out.source.reserve(piece.size());
  uint32_t next = first;
  for (const auto& [code, change] : characters) {
    if (change > 0) {
      out.append(code, next == first ? TextSpan{first, first} : TextSpan{next - 1, next});
    } else {
      out.append(code, {next, next + 1});
      next += static_cast<uint32_t>(1 - change);
    }
  }
}

}  // namespace thaw
