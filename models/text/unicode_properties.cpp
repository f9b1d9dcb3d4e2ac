// SPDX-License-Identifier: Apache-2.0
// Lookup in the tables of code points, and what utf8proc answers.
#include "models/text/unicode_properties.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace thaw {

namespace {

using unicode_tables::Range;

bool in_ranges(std::span<const Range> ranges, char32_t code) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), code, [](char32_t c, const Range& r) { return c < r.first; });
  return after != ranges.begin() && code <= std::prev(after)->last;
}

// Capital letters that older versions of utf8proc do not know yet.
struct LaterCase {
  char32_t first, last, lower;
};
constexpr LaterCase later_cases[] = {
    {0x1C89, 0x1C89, 0x1C8A},    {0xA7CB, 0xA7CB, 0x264},     {0xA7CC, 0xA7CC, 0xA7CD}, {0xA7CE, 0xA7CE, 0xA7CF},
    {0xA7D2, 0xA7D2, 0xA7D3},    {0xA7D4, 0xA7D4, 0xA7D5},    {0xA7DA, 0xA7DA, 0xA7DB}, {0xA7DC, 0xA7DC, 0x19B},
    {0x10D50, 0x10D65, 0x10D70}, {0x16EA0, 0x16EB8, 0x16EBB},
};

// Membership in all tables for the code points below 0x3000, so that alphabets need one look.
enum Flag : unsigned char { whitespace = 1, dropped = 2, punctuation = 4, mark = 8 };
constexpr char32_t flagged = 0x3000;

bool search_whitespace(char32_t code) {
  return (code >= 9 && code <= 13) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
         code == 0x3000;
}

const std::array<unsigned char, flagged>& flags() {
  static const auto table = [] {
    std::array<unsigned char, flagged> all{};
    const auto set = [&](std::span<const Range> ranges, Flag flag) {
      for (const Range& range : ranges)
        for (char32_t code = range.first; code <= range.last && code < flagged; ++code) all[code] |= flag;
    };
    set(unicode_tables::dropped_by_cleaning(), dropped);
    set(unicode_tables::punctuation(), punctuation);
    set(unicode_tables::nonspacing_marks(), mark);
    for (char32_t code = 0; code < flagged; ++code)
      if (search_whitespace(code)) all[code] |= whitespace;
    return all;
  }();
  return table;
}

Decomposition itself(char32_t code) {
  Decomposition out;
  out.codes[0] = code;
  out.size = 1;
  return out;
}

Decomposition decomposition(char32_t code, utf8proc_option_t options) {
  if (in_ranges(unicode_tables::decomposed_later(), code)) return itself(code);
  constexpr int longest = std::size(Decomposition{}.codes);
  utf8proc_int32_t buffer[longest];
  int boundary = 0;
  const auto size = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), buffer, longest, options, &boundary);
  if (size < 1 || size > longest) return itself(code);
  Decomposition out;
  out.size = static_cast<int>(size);
  std::transform(buffer, buffer + size, out.codes, [](utf8proc_int32_t c) { return static_cast<char32_t>(c); });
  return out;
}

}  // namespace

bool is_whitespace(char32_t code) { return code < flagged ? flags()[code] & whitespace : code == 0x3000; }

bool is_dropped_by_cleaning(char32_t code) {
  return code < flagged ? flags()[code] & dropped : in_ranges(unicode_tables::dropped_by_cleaning(), code);
}

bool is_punctuation(char32_t code) {
  return code < flagged ? flags()[code] & punctuation : in_ranges(unicode_tables::punctuation(), code);
}

bool is_nonspacing_mark(char32_t code) {
  return code < flagged ? flags()[code] & mark : in_ranges(unicode_tables::nonspacing_marks(), code);
}

bool is_mark(char32_t code) { return is_nonspacing_mark(code) || in_ranges(unicode_tables::other_marks(), code); }

bool is_cjk_ideograph(char32_t code) {
  const auto within = [code](char32_t first, char32_t last) { return code >= first && code <= last; };
  return code >= 0x3400 &&
         (within(0x4E00, 0x9FFF) || within(0x3400, 0x4DBF) || within(0x20000, 0x2A6DF) || within(0x2A700, 0x2B81F) ||
          within(0x2B920, 0x2CEAF) || within(0xF900, 0xFAFF) || within(0x2F800, 0x2FA1F));
}

bool is_word_character(char32_t code) {
  if (code == 0x200C || code == 0x200D || (code >= 0x24B6 && code <= 0x24E9)) return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC: return true;
    default: return false;
  }
}

bool is_numeric(char32_t code) {
  if (code < 0x80) return code >= '0' && code <= '9';
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return in_ranges(unicode_tables::numbers_later(), code);
  }
}

bool is_letter(char32_t code) {
  if (code < 0x80) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return true;
    default: return in_ranges(unicode_tables::letters_later(), code);
  }
}

Decomposition canonical_decomposition(char32_t code) {
  return code < 0xC0 ? itself(code) : decomposition(code, UTF8PROC_DECOMPOSE);
}

Decomposition compatibility_decomposition(char32_t code) {
  constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
  return code < 0xA0 ? itself(code) : decomposition(code, options);
}

char32_t composition(char32_t first, char32_t second) {
  utf8proc_int32_t pair[2] = {static_cast<utf8proc_int32_t>(first), static_cast<utf8proc_int32_t>(second)};
  constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  if (utf8proc_normalize_utf32(pair, 2, options) != 1) return 0;
  const auto both = static_cast<char32_t>(pair[0]);
  return in_ranges(unicode_tables::decomposed_later(), both) ? 0 : both;
}

int combining_class(char32_t code) {
  if (code < 0x300 || in_ranges(unicode_tables::decomposed_later(), code)) return 0;
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class;
}

Decomposition lower_case(char32_t code) {
  Decomposition out;
  out.size = 1;
  if (code < 0x80) {
    out.codes[0] = code >= 'A' && code <= 'Z' ? code + 32 : code;
    return out;
  }
  if (code == 0x130) {
    out.codes[0] = U'i';
    out.codes[1] = 0x307;
    out.size = 2;
    return out;
  }
  out.codes[0] = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
  if (out.codes[0] == code)
    for (const LaterCase& later : later_cases)
      if (code >= later.first && code <= later.last) out.codes[0] = later.lower + (code - later.first);
  return out;
}

}  // namespace thaw
