// SPDX-License-Identifier: Apache-2.0
// Texts that grow: whole characters, and in the end what is decoded of all tokens.
#include "models/text/text_stream.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tensor/utf8.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

// The tokenizers of a folder of cases, whose config.json says which class is meant.
std::unique_ptr<Tokenizer> tokenizer_of(const std::string& name) {
  const ScratchFolder folder;
  for (const auto& file : std::filesystem::directory_iterator(source_folder() / "tests/models/text" / name))
    std::filesystem::copy(file.path(), folder.path() / file.path().filename());
  return load_tokenizer(folder.path().string());
}

bool is_utf8(const std::string& text) { return utf8_error_offset(text) == text.size(); }

}  // namespace

TEST_CASE("text stream: the parts of any tokens are whole characters, and together the decoded text") {
  std::mt19937 random(7);
  for (const char* name : {"bpe_cases/bytebpe", "bpe_cases/clip", "bpe_cases/gpt1", "unigram_cases/byt5",
                           "unigram_cases/t5", "unigram_cases/variants", "sentencepiece_cases/bytes",
                           "sentencepiece_cases/user", "wordpiece_cases/cased", "wordpiece_cases/uncased"}) {
    CAPTURE(name);
    const auto tokenizer = tokenizer_of(name);
    for (int text = 0; text < 300; ++text) {
      TextStream stream(*tokenizer);
      std::vector<int32_t> ids;
      std::string all;
      for (size_t count = random() % 24; ids.size() < count;) {
        ids.push_back(static_cast<int32_t>(random() % tokenizer->vocab_size()));
        const std::string part = stream.add(ids.back());
        CHECK(is_utf8(part));
        all += part;
      }
      all += stream.finish();
      CHECK(all == tokenizer->decode(ids));
    }
  }
}

TEST_CASE("text stream: tokens are shown as they come; a character, when its bytes are all there") {
  const auto tokenizer = tokenizer_of("unigram_cases/byt5");
  TextStream stream(*tokenizer);
  const auto add = [&](int byte) { return stream.add(byte + 3); };
  CHECK(add('a') == "a");
  CHECK(add(0xC3).empty());
  CHECK(add(0xA9) == "\xC3\xA9");
  CHECK(stream.add(1'000'000).empty());
  CHECK(add('b') == "b");
  CHECK(add(0xE2).empty());
  CHECK(stream.finish() == tokenizer->decode(std::vector<int32_t>{'a' + 3, 0xC6, 0xAC, 'b' + 3, 0xE5}).substr(4));
}
