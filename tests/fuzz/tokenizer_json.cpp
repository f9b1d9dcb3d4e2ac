// SPDX-License-Identifier: Apache-2.0
// Fuzz target: tokenizer.json of WordPiece tokenizers.
#include "tests/fuzz/wordpiece.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    thaw::fuzz::exercise(thaw::read_wordpiece_json(thaw::Json::parse(text, "file")));
  });
}
