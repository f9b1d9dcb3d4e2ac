// SPDX-License-Identifier: Apache-2.0
// Templates and truncation.
#include "models/text/sequence_template.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "models/text/unicode_properties.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// Takes the whitespace of a text's tokens off their offsets, as the reference's ByteLevel does.
void trim_offsets(std::span<TextSpan> offsets, std::span<const TokenBlanks> blanks, bool keeps_added_space) {
  check(blanks.size() == offsets.size(), "{} offsets to trim, blanks of {}", offsets.size(), blanks.size());
  for (size_t i = 0; i < offsets.size(); ++i) {
    TextSpan& span = offsets[i];
    auto [leading, trailing] = blanks[i];
    const bool at_beginning = i == 0 || span.begin == 0;
    if (leading == 1 && at_beginning && keeps_added_space) leading = 0;
    span.begin = std::min(span.begin + leading, span.end);
    if (span.end >= trailing) span.end = std::max(span.end - trailing, span.begin);
  }
}

}  // namespace

TokenBlanks blanks_of(std::string_view token) {
  constexpr char32_t space = 0x120;  // byte-level vocabularies write a space as U+0120
  TokenBlanks blanks;
  bool is_leading = true;
  for (size_t at = 0; at < token.size();) {
    const char32_t code = next_code_point(token, at);
    const bool blank = code == space || is_whitespace(code);
    is_leading = is_leading && blank;
    blanks.leading += is_leading;
    blanks.trailing = blank ? blanks.trailing + 1 : 0;
  }
  return blanks;
}

SequenceTemplate SequenceTemplate::bert(int32_t cls, int32_t sep) {
  SequenceTemplate out;
  out.single = {{-1, {cls}, 0}, {0, {}, 0}, {-1, {sep}, 0}};
  out.pair = {{-1, {cls}, 0}, {0, {}, 0}, {-1, {sep}, 0}, {1, {}, 1}, {-1, {sep}, 1}};
  return out;
}

SequenceTemplate SequenceTemplate::roberta(int32_t cls, int32_t sep) {
  SequenceTemplate out;
  out.single = {{-1, {cls}, 0}, {0, {}, 0}, {-1, {sep}, 0}};
  out.pair = {{-1, {cls}, 0}, {0, {}, 0}, {-1, {sep, sep}, 0}, {1, {}, 0}, {-1, {sep}, 0}};
  return out;
}

size_t SequenceTemplate::added(bool is_pair) const {
  size_t count = 0;
  for (const TemplatePart& part : is_pair ? pair : single)
    if (part.sequence < 0) count += part.ids.size();
  return count;
}

TokensAround SequenceTemplate::around() const {
  TokensAround tokens;
  std::vector<int32_t>* side = &tokens.before;
  for (const TemplatePart& part : single) {
    if (part.sequence >= 0) side = &tokens.after;
    side->insert(side->end(), part.ids.begin(), part.ids.end());
  }
  return tokens;
}

Encoding SequenceTemplate::apply(const Encoding& first, const Encoding* second, bool add_special_tokens,
                                 const Vocabulary& tokens, bool keep_tokens) const {
  Encoding out;
  const size_t size =
      first.size() + (second ? second->size() : 0) + (add_special_tokens ? added(second != nullptr) : 0);
  out.ids.reserve(size);
  out.type_ids.reserve(size);
  out.offsets.reserve(size);
  out.special_tokens_mask.reserve(size);
  out.sequence.reserve(size);
  for (const TemplatePart& part : second ? pair : single) {
    if (part.sequence < 0) {
      if (!add_special_tokens) continue;
      for (const int32_t id : part.ids) {
        out.ids.push_back(id);
        if (keep_tokens) out.tokens.push_back(*tokens.find_token(id));
      }
      out.offsets.resize(out.ids.size());
      if (!first.words.empty()) out.words.resize(out.ids.size(), -1);
    } else {
      const Encoding& text = part.sequence == 0 ? first : *second;
      out.ids.insert(out.ids.end(), text.ids.begin(), text.ids.end());
      out.offsets.insert(out.offsets.end(), text.offsets.begin(), text.offsets.end());
      if (trims_offsets) trim_offsets(std::span(out.offsets).last(text.size()), text.blanks, *trims_offsets);
      out.words.insert(out.words.end(), text.words.begin(), text.words.end());
      if (keep_tokens) out.tokens.insert(out.tokens.end(), text.tokens.begin(), text.tokens.end());
    }
    out.type_ids.resize(out.ids.size(), part.type_id);
    out.special_tokens_mask.resize(out.ids.size(), part.sequence < 0);
    out.sequence.resize(out.ids.size(), static_cast<int8_t>(part.sequence));
  }
  return out;
}

KeptTokens truncated_sizes(size_t first, size_t second, bool is_pair, size_t limit, Truncation truncation) {
  const size_t total = first + second;
  if (truncation == Truncation::none || total <= limit) return {first, second};
  if (limit == 0) return {0, 0};
  const size_t excess = total - limit;
  switch (truncation) {
    case Truncation::only_first:
      check(first > excess, "truncation only_first: the first text has {} tokens, {} would have to go", first, excess);
      return {first - excess, second};
    case Truncation::only_second:
      check(is_pair, "truncation only_second: there is no second text");
      check(second > excess, "truncation only_second: the second text has {} tokens, {} would have to go", second,
            excess);
      return {first, second - excess};
    default: break;
  }
  if (!is_pair) return {limit, 0};
  // The shorter text stays whole if it is at most half of what fits; else both are cut to a half, an odd token going to
  // the longer.
  const auto [shorter, longer] = std::minmax(first, second);
  const size_t kept = std::min(shorter, limit / 2);
  const KeptTokens sizes{kept, std::min(longer, limit - kept)};
  return first > second ? KeptTokens{sizes.second, sizes.first} : sizes;
}

std::vector<TokenRange> overlapping_ranges(size_t size, size_t room, size_t overlap, bool from_left) {
  if (size <= room) return {{0, size}};
  const size_t step = room - (overlap < room ? overlap : room / 2);
  std::vector<TokenRange> ranges;
  for (size_t begin = 0;; begin += step) {
    ranges.push_back({begin, std::min(begin + room, size)});
    if (ranges.back().end == size) break;
  }
  if (from_left)
    for (TokenRange& range : ranges) range = {size - range.end, size - range.begin};
  return ranges;
}

Encoding part_of(const Encoding& encoding, TokenRange range) {
  const auto take = [&](const auto& list, auto& part) {
    if (!list.empty())
      part.assign(list.begin() + static_cast<ptrdiff_t>(range.begin), list.begin() + static_cast<ptrdiff_t>(range.end));
  };
  Encoding part;
  take(encoding.ids, part.ids);
  take(encoding.tokens, part.tokens);
  take(encoding.offsets, part.offsets);
  take(encoding.blanks, part.blanks);
  return part;
}

void truncate(Encoding& encoding, size_t size, bool from_left) {
  if (size >= encoding.size()) return;
  const auto cut = [&](auto& list) {
    if (list.empty()) return;
    if (from_left) {
      list.erase(list.begin(), list.end() - static_cast<ptrdiff_t>(size));
    } else {
      list.resize(size);
    }
  };
  cut(encoding.ids);
  cut(encoding.tokens);
  cut(encoding.offsets);
  cut(encoding.blanks);
  cut(encoding.words);
}

}  // namespace thaw
