// SPDX-License-Identifier: Apache-2.0
// Fuzz target: spiece.model, as sentencepiece and as T5's tokenizer read it.
#include "models/text/sentencepiece_tokenizer.h"
#include "models/text/t5_tokenizer.h"
#include "tests/fuzz/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    thaw::fuzz::exercise(thaw::SentencePieceTokenizer(bytes, "file", {}));
    thaw::fuzz::exercise(thaw::describe_t5(bytes, "file", {}));
  });
}
