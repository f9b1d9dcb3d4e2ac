// SPDX-License-Identifier: Apache-2.0
// Fuzz target: vocab.txt of WordPiece tokenizers. A vocabulary that can be written as lines again has the same lines.
#include "models/text/bert_tokenizer.h"
#include "models/text/tokenizer_files.h"
#include "tests/fuzz/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const thaw::TokenizerDescription description =
        thaw::describe_bert(thaw::parse_vocabulary(text, "file"), {}, "file", {});
    thaw::fuzz::exercise(description);
    if (const auto file = description.model->vocabulary_file(description.vocabulary))
      thaw::fuzz::require(thaw::parse_vocabulary(file->content, "its copy") == description.vocabulary,
                          "written and read again it is another vocabulary");
  });
}
