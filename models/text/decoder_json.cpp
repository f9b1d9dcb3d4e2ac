// SPDX-License-Identifier: Apache-2.0
// The section `decoder` of tokenizer.json.
#include <utility>

#include "models/text/decoder.h"
#include "models/text/tokenizer_json.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr const char* supported =
    "WordPiece, ByteLevel, BPEDecoder, Metaspace, ByteFallback, Fuse, Strip, Replace, Sequence";

void read_steps(const Json& decoder, std::vector<DecoderStep>& steps) {
  const std::string& type = decoder.get_string("type");
  if (type == "WordPiece") {
    steps.emplace_back(WordPieceDecoder{decoder.get_string_or("prefix", "##"), decoder.get_bool_or("cleanup", true)});
  } else if (type == "ByteLevel") {
    steps.emplace_back(ByteDecoder{});
  } else if (type == "BPEDecoder") {
    steps.emplace_back(SuffixDecoder{decoder.get_string_or("suffix", "</w>")});
  } else if (type == "Sequence") {
    const Json& list = decoder.get_array("decoders");
    for (size_t i = 0; i < list.size(); ++i) read_steps(list.get_object(i), steps);
  } else if (type == "Metaspace") {
    steps.emplace_back(read_metaspace(decoder));
  } else if (type == "ByteFallback") {
    steps.emplace_back(ByteFallbackDecoder{});
  } else if (type == "Fuse") {
    steps.emplace_back(FuseDecoder{});
  } else if (type == "Strip") {
    const std::string& character = decoder.get_string("content");
    if (count_code_points(character) != 1) fail("{}: expected one character", decoder.where("content"));
    steps.emplace_back(StripDecoder{character, decoder.get_uint("start"), decoder.get_uint("stop")});
  } else if (type == "Replace") {
    steps.emplace_back(ReplaceDecoder{read_pattern(decoder), decoder.get_string("content")});
  } else {
    unsupported_component(decoder, type, supported);
  }
}

}  // namespace

TokenDecoder read_decoder(const Json& json) {
  if (component_type(json, "decoder").empty()) return {};
  std::vector<DecoderStep> steps;
  read_steps(json.get_object("decoder"), steps);
  return TokenDecoder(std::move(steps));
}

}  // namespace thaw
