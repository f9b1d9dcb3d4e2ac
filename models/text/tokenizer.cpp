// SPDX-License-Identifier: Apache-2.0
// The way of a text through any tokenizer: added tokens, normalization, model, truncation, template.
#include "models/text/tokenizer.h"

#include <algorithm>
#include <utility>

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

Tokenizer::Tokenizer(TokenizerParts parts) : parts_(std::move(parts)), special_ids_(parts_.tokens.size()) {
  for (const AddedToken& token : parts_.added.tokens())
    if (token.special) special_ids_.at(static_cast<size_t>(token.id)) = true;
}

Tokenizer::~Tokenizer() = default;

Encoding Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  return finish(encode_text(text, options.keep_tokens), nullptr, options);
}

Encoding Tokenizer::encode_pair(std::string_view first, std::string_view second, const EncodeOptions& options) const {
  Encoding other = encode_text(second, options.keep_tokens);
  return finish(encode_text(first, options.keep_tokens), &other, options);
}

Encoding Tokenizer::encode_words(std::span<const std::string> words, const EncodeOptions& options) const {
  Encoding all;
  for (size_t i = 0; i < words.size(); ++i) {
    const Encoding word = encode_text(words[i], options.keep_tokens);
    all.ids.insert(all.ids.end(), word.ids.begin(), word.ids.end());
    all.offsets.insert(all.offsets.end(), word.offsets.begin(), word.offsets.end());
    all.blanks.insert(all.blanks.end(), word.blanks.begin(), word.blanks.end());
    all.tokens.insert(all.tokens.end(), word.tokens.begin(), word.tokens.end());
    all.words.resize(all.ids.size(), static_cast<int32_t>(i));
  }
  Encoding whole = finish(std::move(all), nullptr, options);
  whole.words.resize(whole.size(), -1);  // no word had a token
  return whole;
}

std::vector<TextWindow> Tokenizer::encode_windows(std::string_view first, std::string_view second,
                                                  const WindowOptions& options) const {
  const size_t added = added_special_tokens(true);
  check(options.max_length >= added + 2, "max_length {} leaves no room for two texts and {} special tokens",
        options.max_length, added);
  Encoding one = encode_text(first, options.keep_tokens);
  const Encoding other = encode_text(second, options.keep_tokens);
  const size_t room = options.max_length - added, whole = one.size();
  const bool from_left = options.truncate_left.value_or(parts_.truncates_left);
  const size_t least = std::min(other.size(), options.overlap + 1);  // that a part needs, so that the next one advances
  if (whole + least > room) truncate(one, std::max(room / 2, room - std::min(room, other.size())), from_left);
  std::vector<TextWindow> windows;
  for (const TokenRange& range : overlapping_ranges(other.size(), room - one.size(), options.overlap, from_left)) {
    const Encoding part = part_of(other, range);
    windows.push_back(
        {parts_.sequence_template.apply(one, &part, true, parts_.tokens, options.keep_tokens), range.begin});
    windows.back().encoding.cut = whole - one.size();
  }
  return windows;
}

Encoding Tokenizer::encode_text(std::string_view text, bool keep_tokens) const {
  check_utf8(text, "text to encode");
  Encoding out;
  NormalizedText normalized;
  std::vector<TextSegment> segments, inner;
  const auto add = [&](const TextSegment& segment, std::string_view content, TextSpan span) {
    out.ids.push_back(parts_.added.tokens()[static_cast<size_t>(segment.token)].id);
    out.offsets.push_back(span);
    const std::string_view token = content.substr(segment.begin, segment.end - segment.begin);
    if (trims_offsets()) out.blanks.push_back(blanks_of(token));
    if (keep_tokens) out.tokens.emplace_back(token);
  };
  size_t byte = 0;
  uint32_t code_point = 0;  // that of `byte`
  const auto code_point_at = [&](size_t at) {
    if (at >= byte) {
      code_point += static_cast<uint32_t>(count_code_points(text.substr(byte, at - byte)));
    } else {
      code_point -= static_cast<uint32_t>(count_code_points(text.substr(at, byte - at)));
    }
    byte = at;
    return code_point;
  };
  parts_.added.split_raw(text, segments);
  for (const TextSegment& segment : segments) {
    const std::string_view piece = text.substr(segment.begin, segment.end - segment.begin);
    const uint32_t first = code_point_at(segment.begin);
    if (segment.token >= 0) {
      add(segment, text, {first, code_point_at(segment.end)});
    } else {
      normalize(piece, first, normalized);
      parts_.added.split_normalized(normalized.text, inner);
      for (const TextSegment& part : inner) {
        if (part.token >= 0) {
          add(part, normalized.text, normalized.original(part.begin, part.end));
        } else {
          tokenize(normalized, part.begin, part.end, keep_tokens, out);
        }
      }
    }
  }
  return out;
}

Encoding Tokenizer::finish(Encoding first, Encoding* second, const EncodeOptions& options) const {
  size_t cut = 0;
  if (options.truncation != Truncation::none) {
    const size_t added = options.add_special_tokens ? added_special_tokens(second != nullptr) : 0;
    check(options.max_length >= added, "max_length {} leaves no room for {} special tokens", options.max_length, added);
    const auto kept = truncated_sizes(first.size(), second ? second->size() : 0, second != nullptr,
                                      options.max_length - added, options.truncation);
    const bool from_left = options.truncate_left.value_or(parts_.truncates_left);
    cut = first.size() - kept.first + (second ? second->size() - kept.second : 0);
    truncate(first, kept.first, from_left);
    if (second) truncate(*second, kept.second, from_left);
  }
  Encoding whole =
      parts_.sequence_template.apply(first, second, options.add_special_tokens, parts_.tokens, options.keep_tokens);
  whole.cut = cut;
  return whole;
}

std::string Tokenizer::decode(std::span<const int32_t> ids, bool skip_special_tokens) const {
  std::vector<std::string_view> tokens;
  tokens.reserve(ids.size());
  for (const int32_t id : ids) {
    check(id >= 0 && static_cast<size_t>(id) < vocab_size(), "token id {} is not in the vocabulary of {}", id,
          vocab_size());
    const std::string* text = parts_.tokens.find_token(id);
    if (!text) continue;
    const std::string* normalized = parts_.added.normalized_content(id);
    // The reference compares what it shows.
    const std::optional<int32_t> shown = normalized ? find_id(*normalized) : std::optional(id);
    if (skip_special_tokens && shown && is_special(*shown)) continue;
    tokens.push_back(normalized ? *normalized : *text);
  }
  return join(tokens);
}

const std::string& Tokenizer::token(int32_t id) const {
  const std::string* found = parts_.tokens.find_token(id);
  check(found != nullptr, "token id {} is not in the vocabulary of {}", id, vocab_size());
  return *found;
}

int32_t Tokenizer::mask_id() const {
  if (!parts_.special.mask) fail("the tokenizer has no mask token");
  return *parts_.special.mask;
}

}  // namespace thaw
