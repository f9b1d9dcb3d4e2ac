// SPDX-License-Identifier: Apache-2.0
// A double array as darts-clone lays it out: the child of a node by a byte lies at its base with the byte's bits
// flipped, a value at the base itself. No two nodes have one base.
#include "models/text/train/normalization_map.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>

#include "models/text/normal_form.h"
#include "models/text/unicode_properties.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

void put_little_endian32(uint32_t value, std::string& out) {
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

class DoubleArray {
 public:
  DoubleArray() { take(0); }

  // Gives a node its base, where all its children's places are free; they are taken.
  uint32_t place(uint32_t node, const std::vector<uint32_t>& labels) {
    while (first_free_ < taken_.size() && taken_[first_free_]) ++first_free_;
    for (size_t slot = first_free_;; ++slot) {
      const auto base = static_cast<uint32_t>(slot) ^ labels[0];
      const auto is_free = [&](uint32_t label) { return !is_taken(base ^ label); };
      if (base == 0 || is_base(base) || !std::ranges::all_of(labels, is_free)) continue;
      for (const uint32_t label : labels) take(base ^ label);
      bases_[base] = true;
      const uint32_t offset = node ^ base;
      check(offset < 1U << 21, "a character map of {} units is too large", units_.size());
      units_[node] |= offset << 10;
      return base;
    }
  }
  void set_label(uint32_t node, uint32_t label) { units_[node] |= label; }
  void set_value(uint32_t node, uint32_t base, uint32_t value) {
    units_[node] |= 1U << 8;
    units_[base] = 1U << 31 | value;
  }
  std::string bytes() const {
    std::string out;
    for (const uint32_t unit : units_) put_little_endian32(unit, out);
    return out;
  }

 private:
  bool is_taken(uint32_t slot) const { return slot < taken_.size() && taken_[slot]; }
  bool is_base(uint32_t base) const { return base < bases_.size() && bases_[base]; }
  void take(uint32_t slot) {
    if (slot >= units_.size()) {
      const size_t size = (slot / 256 + 1) * 256;
      units_.resize(size);
      taken_.resize(size);
      bases_.resize(size);
    }
    taken_[slot] = true;
  }

  std::vector<uint32_t> units_;
  std::vector<bool> taken_, bases_;
  size_t first_free_ = 1;
};

std::string utf8(char32_t code) {
  std::string out;
  append_utf8(out, code);
  return out;
}

std::string nfkc(std::string_view text) {
  NormalizedText out;
  to_normal_form(NormalForm::nfkc, text, 0, out);
  return out.text;
}

bool becomes_nothing(char32_t code) {
  return (code >= 1 && code <= 8) || code == 0xB || (code >= 0xE && code <= 0x1F) || code == 0x7F || code == 0x8F ||
         code == 0x9F;
}

bool becomes_blank(char32_t code) {
  return (is_whitespace(code) && code != ' ') || code == 0x85 || (code >= 0x200B && code <= 0x200F) || code == 0x2581 ||
         code == 0xFEFF || code == 0xFFFD;
}

}  // namespace

std::string character_map_bytes(Entries entries) {
  std::ranges::sort(entries);
  std::string replacements;
  std::unordered_map<std::string, uint32_t> places;
  std::vector<uint32_t> values;
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto& [from, to] = entries[i];
    check(!from.empty() && (i == 0 || entries[i - 1].first != from), "\"{}\" is in the character map twice or empty",
          from);
    const auto [known, is_new] = places.emplace(to, static_cast<uint32_t>(replacements.size()));
    if (is_new) replacements += to + '\0';
    values.push_back(known->second);
  }
  struct Pending {
    uint32_t node;
    size_t begin, end, depth;  // entries [begin, end) share their first `depth` bytes
  };
  DoubleArray array;
  std::deque<Pending> queue;
  if (!entries.empty()) queue.push_back({0, 0, entries.size(), 0});
  while (!queue.empty()) {
    auto [node, begin, end, depth] = queue.front();
    queue.pop_front();
    const bool has_value = entries[begin].first.size() == depth;
    std::vector<uint32_t> labels;
    for (size_t i = begin; i < end; ++i) {
      const uint32_t label = entries[i].first.size() == depth ? 0 : static_cast<unsigned char>(entries[i].first[depth]);
      if (labels.empty() || labels.back() != label) labels.push_back(label);
    }
    const uint32_t base = array.place(node, labels);
    if (has_value) array.set_value(node, base, values[begin++]);
    for (size_t from = begin, to = begin; from < end; from = to) {
      const auto label = static_cast<unsigned char>(entries[from].first[depth]);
      while (to < end && static_cast<unsigned char>(entries[to].first[depth]) == label) ++to;
      array.set_label(base ^ label, label);
      queue.push_back({base ^ label, from, to, depth + 1});
    }
  }
  const std::string trie = array.bytes();
  std::string out;
  put_little_endian32(static_cast<uint32_t>(trie.size()), out);
  return out + trie + replacements;
}

namespace {

std::string make_nmt_nfkc_map() {
  Entries entries;
  constexpr char32_t last = 0x2FFFF;  // planes above have nothing that decomposes
  constexpr char32_t first_surrogate = 0xD800, last_surrogate = 0xDFFF;
  constexpr char32_t first_syllable = 0xAC00, last_syllable = 0xD7A3;  // of Hangul: composed of letters by rule
  for (char32_t code = 1; code <= last; ++code) {
    if (code >= first_surrogate && code <= last_surrogate) continue;
    const std::string from = utf8(code);
    if (becomes_nothing(code)) {
      entries.emplace_back(from, "");
      continue;
    }
    if (becomes_blank(code)) {
      entries.emplace_back(from, " ");
      continue;
    }
    const Decomposition parts = compatibility_decomposition(code);
    if (parts.size == 1 && parts.codes[0] == code) continue;
    const std::string to = nfkc(from);
    if (to != from) {
      entries.emplace_back(from, to);
      continue;
    }
    if (code >= first_syllable && code <= last_syllable) continue;
    std::string apart;
    const Decomposition letters = canonical_decomposition(code);
    for (int i = 0; i < letters.size; ++i) append_utf8(apart, letters.codes[i]);
    entries.emplace_back(apart, to);
  }
  return character_map_bytes(std::move(entries));
}

}  // namespace

const std::string& nmt_nfkc_map() {
  static const std::string bytes = make_nmt_nfkc_map();
  return bytes;
}

}  // namespace thaw
