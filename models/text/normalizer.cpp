// SPDX-License-Identifier: Apache-2.0
// The steps of normalizers, and how the offsets of one are carried over to the next.
#include "models/text/normalizer.h"

#include <utility>

#include "models/text/unicode_properties.h"

namespace thaw {

namespace {

// Calls visit(code point, its number in the piece).
template <typename Visit>
void for_each_code_point(std::string_view piece, Visit&& visit) {
  uint32_t index = 0;
  for (size_t at = 0; at < piece.size(); ++index) visit(next_code_point(piece, at), index);
}

struct Apply {
  std::string_view piece;
  uint32_t first;
  NormalizedText& out;

  void put(char32_t code, uint32_t index) const { out.append(code, {first + index, first + index + 1}); }

  void operator()(const BertNormalizer& step) const { step.normalize(piece, first, out); }
  void operator()(const PrecompiledNormalizer& step) const { step.normalize(piece, first, out); }
  void operator()(NormalForm form) const { to_normal_form(form, piece, first, out); }
  void operator()(const Lowercase&) const {
    for_each_code_point(piece, [&](char32_t code, uint32_t index) {
      const Decomposition lower = lower_case(code);
      for (int i = 0; i < lower.size; ++i) put(lower.codes[i], index);
    });
  }
  void operator()(const StripAccents&) const {
    for_each_code_point(piece, [&](char32_t code, uint32_t index) {
      if (!is_mark(code)) put(code, index);
    });
  }
  void operator()(const StripSpace& sides) const {
    uint32_t begin = 0, end = 0;  // of what stays
    bool is_leading = sides.left;
    for_each_code_point(piece, [&](char32_t code, uint32_t index) {
      const bool space = is_whitespace(code);
      if (is_leading && space) begin = index + 1;
      is_leading = is_leading && space;
      if (!sides.right || !space) end = index + 1;
    });
    for_each_code_point(piece, [&](char32_t code, uint32_t index) {
      if (index >= begin && index < end) put(code, index);
    });
  }
  // What stands in place of a match lies where the last code point of the match lay.
  void operator()(const ReplaceText& step) const {
    uint32_t index = 0;
    for (size_t at = 0; at < piece.size();) {
      if (piece.substr(at).starts_with(step.from)) {
        at += step.from.size();
        index += static_cast<uint32_t>(count_code_points(step.from));
        for_each_code_point(step.to, [&](char32_t code, uint32_t) { put(code, index - 1); });
      } else {
        put(next_code_point(piece, at), index++);
      }
    }
  }
  void operator()(const ReplaceSpace& step) const {
    uint32_t index = 0;
    for (size_t at = 0; at < piece.size(); ++index) {
      const char32_t code = next_code_point(piece, at);
      if (!is_whitespace(code)) {
        put(code, index);
        continue;
      }
      for (size_t next = at; next < piece.size() && is_whitespace(next_code_point(piece, next)); ++index) at = next;
      for_each_code_point(step.to, [&](char32_t to, uint32_t) { put(to, index); });
    }
  }
};

}  // namespace

void Normalizer::normalize(std::string_view piece, uint32_t first, NormalizedText& out) const {
  out.clear();
  if (steps_.empty()) {
    const Apply whole{piece, first, out};
    for_each_code_point(piece, [&](char32_t code, uint32_t index) { whole.put(code, index); });
    return;
  }
  std::visit(Apply{piece, first, out}, steps_.front());
  NormalizedText before;
  std::vector<TextSpan> sources;  // of the code points of `before`
  for (size_t i = 1; i < steps_.size(); ++i) {
    std::swap(before, out);
    out.clear();
    sources.clear();
    for (size_t at = 0; at < before.text.size();) {
      sources.push_back(before.source[at]);
      next_code_point(before.text, at);
    }
    std::visit(Apply{before.text, 0, out}, steps_[i]);
    for (TextSpan& span : out.source) span = sources[span.begin];
  }
}

}  // namespace thaw
