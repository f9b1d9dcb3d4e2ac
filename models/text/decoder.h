// SPDX-License-Identifier: Apache-2.0
// The decoder of a tokenizer.json: steps that turn tokens into pieces of text, one after the other; the pieces that the
// last one leaves make the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/text/metaspace.h"
#include "tensor/io/json.h"

namespace thaw {

// A space before every token that does not begin with the prefix, which is taken off; not before the first one.
struct WordPieceDecoder {
  std::string prefix = "##";
  bool cleanup = true;  // no space before . ? ! , and in English contractions
};
// Characters become the bytes that they stand for (byte_characters.h); what is not valid UTF-8 then becomes U+FFFD.
struct ByteDecoder {};
// The suffix of words becomes a space, at the end of the text nothing.
struct SuffixDecoder {
  std::string suffix = "</w>";
};
// What CLIP's class does with a text: the suffix becomes a space, and whitespace at both ends goes.
struct SuffixCleanup {
  std::string suffix = "</w>";
};
// Runs of tokens <0x00> ... <0xFF> become the text of their bytes, or U+FFFD for each if they are not valid UTF-8.
struct ByteFallbackDecoder {};
// All tokens become one.
struct FuseDecoder {};
// Up to `start` times the character at the beginning of every token goes, up to `stop` times at its end.
struct StripDecoder {
  std::string character = " ";
  size_t start = 0, stop = 0;
};
// In every token.
struct ReplaceDecoder {
  std::string from, to;
};
using DecoderStep = std::variant<WordPieceDecoder, ByteDecoder, SuffixDecoder, SuffixCleanup, Metaspace,
                                 ByteFallbackDecoder, FuseDecoder, StripDecoder, ReplaceDecoder>;

class TokenDecoder {
 public:
  // Without a decoder tokens are joined with spaces.
  TokenDecoder() = default;
  explicit TokenDecoder(std::vector<DecoderStep> steps) : steps_(std::move(steps)), is_there_(true) {}

  // Adds a step at the end.
  void append(DecoderStep step) {
    steps_.push_back(std::move(step));
    is_there_ = true;
  }

  std::string join(const std::vector<std::string_view>& tokens) const;

 private:
  std::vector<DecoderStep> steps_;
  bool is_there_ = false;
};

// The section `decoder` of a tokenizer.json, which may be null. std::runtime_error naming the file and the component if
// it is not one of those above.
TokenDecoder read_decoder(const Json& json);

}  // namespace thaw
