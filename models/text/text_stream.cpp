// SPDX-License-Identifier: Apache-2.0
// Decodes all tokens anew with each: short texts, and decoders look at their neighbours.
#include "models/text/text_stream.h"

#include <cstddef>
#include <string_view>

#include "models/text/sentencepiece_file.h"

namespace thaw {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // of a character whose bytes are not all there, too

}  // namespace

std::string TextStream::shown_from(const std::string& text, size_t end) {
  if (end <= shown_.size() || !text.starts_with(shown_)) return {};
  std::string part = text.substr(shown_.size(), end - shown_.size());
  shown_ += part;
  return part;
}

std::string TextStream::add(int32_t id) {
  if (static_cast<size_t>(id) >= tokenizer_.vocab_size()) return {};
  ids_.push_back(id);
  // A run of bytes is decoded as a whole.
  if (tokenizer_.has_token(id) && byte_of_piece(tokenizer_.token(id)) >= 0) return {};
  const std::string text = tokenizer_.decode(ids_);
  size_t end = text.size();
  while (std::string_view(text).substr(0, end).ends_with(replacement)) end -= replacement.size();
  return shown_from(text, end);
}

std::string TextStream::finish() {
  const std::string text = tokenizer_.decode(ids_);
  if (!text.starts_with(shown_)) return "\n" + text;
  return shown_from(text, text.size());
}

}  // namespace thaw
