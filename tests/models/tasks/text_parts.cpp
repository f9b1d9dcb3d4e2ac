// SPDX-License-Identifier: Apache-2.0
// Words of tokens, and long texts cut between them.
#include "models/tasks/text_parts.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Read {
  ScratchFolder folder;
  std::unique_ptr<Tokenizer> tokenizer;
  Read() {
    write_small_vocabulary(folder.path().string());
    tokenizer = load_tokenizer(folder.path().string());
  }
  Encoding operator()(const std::string& text) const { return tokenizer->encode(text); }
  std::vector<int32_t> words(const std::string& text) const { return words_of((*this)(text), *tokenizer); }
};

}  // namespace

TEST_CASE("words of a text: pieces belong to their word, special tokens to none") {
  const Read read;
  CHECK(read.words("the cats sat.") == std::vector<int32_t>{-1, 0, 1, 1, 2, 3, -1});
  CHECK(read.words("goodly badly") == std::vector<int32_t>{-1, 0, 0, 1, 1, -1});
  CHECK(read.words("the [MASK] xyzzy cats") == std::vector<int32_t>{-1, 0, -1, -1, 1, 1, -1});
  CHECK(read.words("") == std::vector<int32_t>{-1, -1});
}

TEST_CASE("parts of a long text: each between the special tokens, none ends within a word, nothing is lost") {
  const Read read;
  const std::string text = "the cats sat on dogs the mats";
  const Encoding whole = read(text);  // [CLS] the cat ##s sat on dog ##s the mat ##s [SEP]
  const std::vector<int32_t> words = read.words(text);
  for (size_t length = 4; length <= whole.size(); ++length) {
    std::vector<int32_t> ids;
    for (const Encoding& part : in_parts(whole, words, length)) {
      CHECK(part.size() <= length);
      CHECK(part.size() == part.type_ids.size());
      CHECK(part.ids.front() == whole.ids.front());
      CHECK(part.ids.back() == whole.ids.back());
      CHECK_FALSE(read.tokenizer->token(part.ids[1]).starts_with("##"));
      ids.insert(ids.end(), part.ids.begin() + 1, part.ids.end() - 1);
    }
    CHECK(ids == std::vector<int32_t>(whole.ids.begin() + 1, whole.ids.end() - 1));
  }
  CHECK(in_parts(whole, words, 3).size() == 10);  // a word of two pieces does not fit, and is cut
  CHECK(in_parts(whole, words, whole.size()).size() == 1);
  CHECK_THROWS_AS(in_parts(whole, words, 2), std::invalid_argument);
}
