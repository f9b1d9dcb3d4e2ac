// SPDX-License-Identifier: Apache-2.0
// Matching by kinds of characters: whitespace, letters, numbers, and all others.
#include "models/text/word_patterns.h"

#include <array>
#include <utility>

#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

enum Kind : unsigned char { space, letter, number, other };

Kind search_kind(char32_t code) {
  return is_whitespace(code) ? space : is_letter(code) ? letter : is_numeric(code) ? number : other;
}

Kind kind_of(char32_t code) {
  static const auto table = [] {
    std::array<Kind, 0x3000> kinds{};
    for (char32_t c = 0; c < kinds.size(); ++c) kinds[c] = search_kind(c);
    return kinds;
  }();
  return code < table.size() ? table[code] : search_kind(code);
}

Kind next_kind(std::string_view text, size_t& at) { return kind_of(next_code_point(text, at)); }

size_t run_end(Kind kind, std::string_view text, size_t at, size_t end) {
  while (at < end) {
    const size_t here = at;
    if (next_kind(text, at) != kind) return here;
  }
  return end;
}

// Bytes of 's, 't, 're, 've, 'm, 'll or 'd at the beginning of `text`; 0 if it begins otherwise.
size_t contraction(std::string_view text) {
  if (text.size() < 2 || text[0] != '\'') return 0;
  if (text[1] == 's' || text[1] == 't' || text[1] == 'm' || text[1] == 'd') return 2;
  const std::string_view two = text.substr(1, 2);
  return two == "re" || two == "ve" || two == "ll" ? 3 : 0;
}

size_t match_gpt2(std::string_view text, size_t at, size_t end) {
  if (const size_t size = contraction(text.substr(at, end - at))) return at + size;
  size_t next = at;
  Kind kind = next_kind(text, next);
  if (kind == space) {
    if (text[at] == ' ' && next < end) {  // a blank goes with what follows it
      size_t after = next;
      const Kind following = next_kind(text, after);
      if (following != space) return run_end(following, text, after, end);
    }
    // Of a run of whitespace all but the last, if something follows that this one belongs to.
    size_t last = at;
    while (next < end) {
      const size_t here = next;
      if (next_kind(text, next) != space) return last > at ? last : here;
      last = here;
    }
    return end;
  }
  return run_end(kind, text, next, end);
}

size_t match_clip(std::string_view text, size_t at, size_t end) {
  const std::string_view rest = text.substr(at, end - at);
  for (const std::string_view token : {"<|startoftext|>", "<|endoftext|>"})
    if (rest.starts_with(token)) return at + token.size();
  if (const size_t size = contraction(rest)) return at + size;
  size_t next = at;
  const Kind kind = next_kind(text, next);
  if (kind == space) return at;
  return kind == number ? next : run_end(kind, text, next, end);
}

constexpr std::pair<std::string_view, WordPattern> known[] = {
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", WordPattern::gpt2},
    {R"(<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)",
     WordPattern::clip}};

}  // namespace

std::optional<WordPattern> find_pattern(std::string_view regular_expression) {
  for (const auto& [expression, pattern] : known)
    if (regular_expression == expression) return pattern;
  return std::nullopt;
}

size_t match(WordPattern pattern, std::string_view text, size_t at, size_t end) {
  return pattern == WordPattern::gpt2 ? match_gpt2(text, at, end) : match_clip(text, at, end);
}

}  // namespace thaw
