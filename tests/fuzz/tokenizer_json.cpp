// SPDX-License-Identifier: Apache-2.0
// Fuzz target: tokenizer.json.
#include "tests/fuzz/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    thaw::fuzz::exercise(thaw::read_description(thaw::Json::parse(text, "file")));
  });
}
