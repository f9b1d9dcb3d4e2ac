// SPDX-License-Identifier: Apache-2.0
// The rules GB3 to GB13 of Unicode Standard Annex 29, applied from the beginning of a cluster.
#include "models/text/grapheme.h"

#include <algorithm>

#include "tensor/utf8.h"

namespace thaw {

namespace {

enum class Kind { other, cr, lf, control, extend, joiner, spacing_mark, prepend, l, v, t, lv, lvt, flag, picture };

bool is_in(std::span<const grapheme_tables::Range> ranges, char32_t code) {
  const auto behind = std::ranges::upper_bound(ranges, code, {}, &grapheme_tables::Range::first);
  return behind != ranges.begin() && code <= (behind - 1)->last;
}

Kind kind_of(char32_t code) {
  using namespace grapheme_tables;
  if (code < 0x7F) return code == '\r' ? Kind::cr : code == '\n' ? Kind::lf : code < 0x20 ? Kind::control : Kind::other;
  if (code >= 0xAC00 && code <= 0xD7A3) return (code - 0xAC00) % 28 == 0 ? Kind::lv : Kind::lvt;
  if ((code >= 0x1100 && code <= 0x115F) || (code >= 0xA960 && code <= 0xA97C)) return Kind::l;
  if ((code >= 0x1160 && code <= 0x11A7) || (code >= 0xD7B0 && code <= 0xD7C6) || code == 0x16D63 ||
      (code >= 0x16D67 && code <= 0x16D6A))
    return Kind::v;
  if ((code >= 0x11A8 && code <= 0x11FF) || (code >= 0xD7CB && code <= 0xD7FB)) return Kind::t;
  if (code >= 0x1F1E6 && code <= 0x1F1FF) return Kind::flag;
  if (code == 0x200D) return Kind::joiner;
  if (is_in(extend(), code)) return Kind::extend;
  if (is_in(spacing_mark(), code)) return Kind::spacing_mark;
  if (is_in(prepend(), code)) return Kind::prepend;
  if (is_in(control(), code)) return Kind::control;
  return is_in(pictograph(), code) ? Kind::picture : Kind::other;
}

bool is_control(Kind kind) { return kind == Kind::cr || kind == Kind::lf || kind == Kind::control; }

// Whether a cluster goes on from one code point to the next whatever came before.
bool holds_together(Kind before, Kind kind) {
  if (before == Kind::cr && kind == Kind::lf) return true;
  if (is_control(before) || is_control(kind)) return false;
  if (kind == Kind::extend || kind == Kind::joiner || kind == Kind::spacing_mark || before == Kind::prepend)
    return true;
  if (before == Kind::l) return kind == Kind::l || kind == Kind::v || kind == Kind::lv || kind == Kind::lvt;
  if (before == Kind::lv || before == Kind::v) return kind == Kind::v || kind == Kind::t;
  return (before == Kind::lvt || before == Kind::t) && kind == Kind::t;
}

}  // namespace

size_t grapheme_size(std::string_view text, size_t at) {
  const size_t begin = at;
  char32_t code = next_code_point(text, at);
  if (code < 0x7F && code != '\r' && (at == text.size() || static_cast<unsigned char>(text[at]) < 0x7F)) return 1;
  Kind before = kind_of(code);
  int flags = before == Kind::flag ? 1 : 0;    // in a row up to here
  bool has_picture = before == Kind::picture;  // a picture, then nothing but Extend and joiners
  bool has_consonant = is_in(grapheme_tables::consonant(), code), has_linker = false;
  while (at < text.size()) {
    const size_t end = at;
    code = next_code_point(text, at);
    const Kind kind = kind_of(code);
    const bool is_consonant = code >= 0x900 && is_in(grapheme_tables::consonant(), code);
    const bool joins = holds_together(before, kind) || (has_consonant && has_linker && is_consonant) ||
                       (has_picture && before == Kind::joiner && kind == Kind::picture) ||
                       (flags % 2 == 1 && before == Kind::flag && kind == Kind::flag);
    if (!joins) return end - begin;
    flags = kind == Kind::flag ? flags + 1 : 0;
    has_picture = kind == Kind::picture || (has_picture && (kind == Kind::extend || kind == Kind::joiner));
    const bool is_linker = is_in(grapheme_tables::linker(), code);
    const bool is_passed_over = kind == Kind::joiner || (kind == Kind::extend && code != 0x200C);
    has_linker = !is_consonant && (is_linker || (has_linker && is_passed_over));
    has_consonant = is_consonant || (has_consonant && (is_linker || is_passed_over));
    before = kind;
  }
  return at - begin;
}

}  // namespace thaw
