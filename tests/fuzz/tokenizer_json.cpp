// SPDX-License-Identifier: Apache-2.0
// Fuzz target: tokenizer.json of WordPiece tokenizers.
#include "tests/fuzz/wordpiece.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    thaw::fuzz::exercise(thaw::read_wordpiece_json(thaw::Json::parse(text, "file")));
  });
}
