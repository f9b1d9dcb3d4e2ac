// SPDX-License-Identifier: Apache-2.0
// The decoder of a tokenizer.json: steps that turn tokens into pieces of text, one after the other; the pieces that the
// last one leaves make the text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tensor/io/json.h"

namespace thaw {

// A space before every token that does not begin with the prefix, which is taken off; not before the first one.
struct WordPieceDecoder {
  std::string prefix = "##";
  bool cleanup = true;  // no space before . ? ! , and in English contractions
};
using DecoderStep = std::variant<WordPieceDecoder>;

class Decoder {
 public:
  // Without a decoder tokens are joined with spaces.
  Decoder() = default;
  explicit Decoder(std::vector<DecoderStep> steps) : steps_(std::move(steps)), is_there_(true) {}

  std::string join(const std::vector<std::string_view>& tokens) const;

 private:
  std::vector<DecoderStep> steps_;
  bool is_there_ = false;
};

// The section `decoder` of a tokenizer.json, which may be null. std::runtime_error naming the file and the component if
// it is not one of those above.
Decoder read_decoder(const Json& json);

}  // namespace thaw
