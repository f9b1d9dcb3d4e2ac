// SPDX-License-Identifier: Apache-2.0
// Sorts the suffixes of all runs: what neighbours begin with alike is a substring that is there several times. The
// stretches of suffixes with one beginning nest, so that a stack finds each with the sum of its counts.
#include "models/text/train/seed_pieces.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr size_t longest_piece = 16;  // characters
constexpr size_t key_size = 4;        // characters

// All runs one after the other as numbers of characters, a 0 behind each.
struct Text {
  std::vector<uint16_t> codes;
  std::vector<std::string> characters;  // by number; [0] is the end of a run
  std::vector<uint32_t> run_of;         // by place
};

Text text_of(const PieceRuns& runs) {
  check(runs.characters.size() < UINT16_MAX, "{} kinds of characters are too many", runs.characters.size());
  Text text;
  text.characters.emplace_back();
  std::unordered_map<char32_t, uint16_t> numbers;
  for (const auto& [character, count] : runs.characters) {
    size_t at = 0;
    numbers[next_code_point(character, at)] = static_cast<uint16_t>(text.characters.size());
    text.characters.push_back(character);
  }
  for (uint32_t run = 0; run < runs.runs.size(); ++run) {
    const std::string& bytes = runs.runs[run].text;
    for (size_t at = 0; at < bytes.size();) text.codes.push_back(numbers.at(next_code_point(bytes, at)));
    text.codes.push_back(0);
    text.run_of.resize(text.codes.size(), run);
  }
  check(text.codes.size() < UINT32_MAX, "the texts have too many words");
  return text;
}

// A place of the text and the characters that its suffix begins with.
struct Suffix {
  uint64_t key;
  uint32_t place;
};

std::vector<Suffix> sorted_suffixes(const Text& text) {
  std::vector<Suffix> suffixes;
  for (uint32_t place = 0; place < text.codes.size(); ++place) {
    if (text.codes[place] == 0) continue;
    uint64_t key = 0;
    for (size_t i = 0, end = 0; i < key_size; ++i) {
      const uint16_t code = end ? uint16_t{0} : text.codes[place + i];
      end = end || code == 0;
      key = key << 16 | code;
    }
    suffixes.push_back({key, place});
  }
  std::ranges::sort(suffixes, [&](const Suffix& a, const Suffix& b) {
    if (a.key != b.key) return a.key < b.key;
    if ((a.key & UINT16_MAX) != 0)
      for (size_t i = key_size; i < longest_piece; ++i) {
        const uint16_t left = text.codes[a.place + i], right = text.codes[b.place + i];
        if (left != right) return left < right;
        if (left == 0) break;
      }
    return a.place < b.place;
  });
  return suffixes;
}

size_t common_size(const Text& text, uint32_t one, uint32_t other) {
  size_t size = 0;
  while (size < longest_piece && text.codes[one + size] != 0 && text.codes[one + size] == text.codes[other + size])
    ++size;
  return size;
}

struct Candidate {
  uint32_t place;
  uint32_t size;  // characters
  uint64_t count;
  uint64_t score() const { return count * size; }
};

std::vector<Candidate> repeated_substrings(const PieceRuns& runs, const Text& text) {
  const std::vector<Suffix> suffixes = sorted_suffixes(text);
  std::vector<Candidate> found;
  struct Open {
    size_t size;
    uint64_t count;
  };
  std::vector<Open> open;  // beginnings that the last suffix has, each longer than the one below it
  const auto close = [&](size_t size, uint32_t place) {  // those that are longer than `size`
    uint64_t count = 0;
    while (!open.empty() && open.back().size > size) {
      count += open.back().count;
      if (open.back().size >= 2 && count >= 2) found.push_back({place, static_cast<uint32_t>(open.back().size), count});
      open.pop_back();
    }
    if (count == 0) return;
    if (open.empty() || open.back().size < size) {
      open.push_back({size, count});
    } else {
      open.back().count += count;
    }
  };
  for (size_t i = 0; i < suffixes.size(); ++i) {
    const uint32_t place = suffixes[i].place;
    const uint64_t count = runs.runs[text.run_of[place]].count;
    const size_t common = i + 1 < suffixes.size() ? common_size(text, place, suffixes[i + 1].place) : 0;
    const bool is_whole = place == 0 || text.codes[place - 1] == 0;
    size_t own = common;  // a whole run is a candidate by itself
    if (is_whole) {
      own = 0;
      while (own <= longest_piece && text.codes[place + own] != 0) ++own;
      if (own > longest_piece) own = common;
    }
    if (open.empty() || open.back().size < own) {
      open.push_back({own, count});
    } else {
      open.back().count += count;
    }
    close(common, place);
  }
  return found;
}

}  // namespace

std::vector<SeedPiece> find_seed_pieces(const PieceRuns& runs, size_t most) {
  const Text text = text_of(runs);
  std::vector<Candidate> found = repeated_substrings(runs, text);
  std::ranges::stable_sort(found, std::ranges::greater(), &Candidate::score);  // of equals the first in the alphabet
  found.resize(std::min(found.size(), most));
  std::vector<SeedPiece> seeds;
  for (const auto& [character, count] : runs.characters) seeds.push_back({character, static_cast<double>(count)});
  for (const Candidate& candidate : found) {
    std::string piece;
    for (uint32_t i = 0; i < candidate.size; ++i) piece += text.characters[text.codes[candidate.place + i]];
    seeds.push_back({std::move(piece), static_cast<double>(candidate.score())});
  }
  return seeds;
}

}  // namespace thaw
