// SPDX-License-Identifier: Apache-2.0
// The section `decoder` of tokenizer.json.
#include <utility>

#include "models/text/decoder.h"
#include "models/text/tokenizer_json.h"

namespace thaw {

namespace {

constexpr const char* supported = "WordPiece, ByteLevel, BPEDecoder";

void read_steps(const Json& decoder, std::vector<DecoderStep>& steps) {
  const std::string& type = decoder.get_string("type");
  if (type == "WordPiece") {
    steps.emplace_back(WordPieceDecoder{decoder.get_string_or("prefix", "##"), decoder.get_bool_or("cleanup", true)});
  } else if (type == "ByteLevel") {
    steps.emplace_back(ByteDecoder{});
  } else if (type == "BPEDecoder") {
    steps.emplace_back(SuffixDecoder{decoder.get_string_or("suffix", "</w>")});
  } else {
    unsupported_component(decoder, type, supported);
  }
}

}  // namespace

Decoder read_decoder(const Json& json) {
  if (component_type(json, "decoder").empty()) return {};
  std::vector<DecoderStep> steps;
  read_steps(json.get_object("decoder"), steps);
  return Decoder(std::move(steps));
}

}  // namespace thaw
