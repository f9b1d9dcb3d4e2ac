// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the JSON reader. What it takes, written and read again, is the same value.
#include "tensor/io/json.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const thaw::Json json = thaw::Json::parse(text, "file");
    for (const int indent : {-1, 2})
      thaw::fuzz::require(thaw::Json::parse(json.dump(indent), "its copy") == json,
                          "written and read again it is another value");
  });
}
