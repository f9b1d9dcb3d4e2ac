// SPDX-License-Identifier: Apache-2.0
// What a vocabulary does not know of a pair.
#include "models/tasks/unknown_count.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/text/tokenizer.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("unknown tokens: of a pair's texts, the first in its own text, with special tokens left out") {
  const ScratchFolder folder;
  folder.write("config.json", R"({"model_type": "bert"})");
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nred\nfox\n");
  const auto tokenizer = load_tokenizer(folder.path().string());
  UnknownCount count;
  const auto add = [&](const std::vector<std::string>& texts, const std::string& where) {
    count.add(tokenizer->encode_pair(texts[0], texts[1]), texts, *tokenizer, where);
  };
  add({"a red fox", "a fox"}, "t.tsv:2");
  CHECK(count.to_text() == "");
  CHECK(notes_of({}, count).empty());
  add({"a fox", "a \xC3\xA9t\xC3\xA9 ox fox"}, "t.tsv:3");
  add({"zebra", "a"}, "t.tsv:4");
  const std::string line =
      "2 of 3 texts have 3 tokens that the vocabulary does not know; the first: \"\xC3\xA9t\xC3\xA9\" (t.tsv:3)";
  CHECK(count.to_text() == line);
  CutCount cut;
  cut.add(2);
  CHECK(notes_of(cut, count) == std::vector<std::string>{"1 of 1 texts is too long: 2 tokens are cut off", line});
}
