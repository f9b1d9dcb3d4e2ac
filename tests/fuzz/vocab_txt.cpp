// SPDX-License-Identifier: Apache-2.0
// Fuzz target: vocab.txt of WordPiece tokenizers. A vocabulary that can be written as lines again has the same lines.
#include "tests/fuzz/wordpiece.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const std::vector<std::string> tokens = thaw::parse_vocabulary(text, "file");
    const thaw::WordPieceDescription description = thaw::describe_vocabulary(tokens, "file", {});
    thaw::fuzz::exercise(description);
    if (const auto lines = thaw::wordpiece_vocabulary(description))
      thaw::fuzz::require(thaw::parse_vocabulary(*lines, "its copy") == description.tokens,
                          "written and read again it is another vocabulary");
  });
}
