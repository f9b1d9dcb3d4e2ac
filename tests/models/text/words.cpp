// SPDX-License-Identifier: Apache-2.0
// Texts given as words, and what of a text was cut.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/text/tokenizer.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::unique_ptr<Tokenizer> small_tokenizer(const ScratchFolder& folder) {
  write_small_vocabulary(folder.path().string());
  folder.write("config.json", R"({"model_type": "bert"})");
  return load_tokenizer(folder.path().string());
}

}  // namespace

TEST_CASE("words: each is tokenized for itself, and every token knows its word") {
  const ScratchFolder folder;
  const auto tokenizer = small_tokenizer(folder);
  const std::vector<std::string> words{"cats", "", "good.", "badly"};
  const Encoding encoding = tokenizer->encode_words(words, {.keep_tokens = true});
  CHECK(encoding.tokens == std::vector<std::string>{"[CLS]", "cat", "##s", "good", ".", "bad", "##ly", "[SEP]"});
  CHECK(encoding.words == std::vector<int32_t>{-1, 0, 0, 2, 2, 3, 3, -1});
  CHECK(encoding.offsets[6] == TextSpan{3, 5});
  const Encoding none = tokenizer->encode_words(std::vector<std::string>{""});
  CHECK(none.words == std::vector<int32_t>{-1, -1});
}

TEST_CASE("words: truncation cuts tokens, and says how many") {
  const ScratchFolder folder;
  const auto tokenizer = small_tokenizer(folder);
  const EncodeOptions four{.truncation = Truncation::longest_first, .max_length = 4};
  const Encoding encoding = tokenizer->encode_words(std::vector<std::string>{"cats", "good"}, four);
  CHECK(encoding.words == std::vector<int32_t>{-1, 0, 0, -1});
  CHECK(encoding.cut == 1);
  CHECK(tokenizer->encode("good", four).cut == 0);
  const EncodeOptions seven{.truncation = Truncation::longest_first, .max_length = 7};
  CHECK(tokenizer->encode_pair("the cat sat", "on the mat", seven).cut == 2);
}
