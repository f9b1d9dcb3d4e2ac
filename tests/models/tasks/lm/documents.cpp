// SPDX-License-Identifier: Apache-2.0
// Texts as tokens that are told from those before them: what is counted, what bytes it stands for, windows.
#include "models/tasks/lm/documents.h"

#include <doctest/doctest.h>

#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"
#include "tests/models/text/byte_tokenizer.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  std::shared_ptr<const Tokenizer> tokenizer = byte_tokenizer();
  TextEncoder texts;
  LmEncoder encoder;

  explicit Opened(const LmOptions& options = {}, int64_t length = 100)
      : texts("model", tokenizer, {.positions = 100, .vocab_size = 260}, length), encoder(texts, options) {}
  LmDocument document(const std::string& text, const std::string& prompt = "") const {
    return encoder.document({prompt, text, 1, "f:1"});
  }
  std::string words(const LmDocument& document) const { return tokenizer->decode(document.tokens.ids, false); }
};

int64_t sum(const std::vector<int64_t>& of, size_t begin = 0) {
  return std::accumulate(of.begin() + static_cast<ptrdiff_t>(begin), of.end(), int64_t{0});
}

}  // namespace

TEST_CASE("lm: a text stands between the tokenizer's begin and end, as far as options ask for them") {
  const std::string around = "<|endoftext|>";
  for (const auto& [tokens, expected] : {std::pair{"both", around + "the cat" + around},
                                         {"begin", around + "the cat"},
                                         {"end", "the cat" + around},
                                         {"none", std::string("the cat")}}) {
    LmOptions options;
    options.document_tokens = tokens;
    const Opened opened(options);
    const LmDocument document = opened.document("the cat");
    CHECK(opened.words(document) == expected);
    CHECK(document.first == 1);
    CHECK(document.bytes.size() == document.tokens.size());
    CHECK(document.tokens.type_ids.size() == document.tokens.size());
    CHECK(sum(document.bytes) == 7);
    CHECK(opened.tokenizer->decode(opened.encoder.prompt("the cat", "f:1").ids, false) ==
          (std::string(tokens) == "both" || std::string(tokens) == "begin" ? around : "") + "the cat");
  }
}

TEST_CASE("lm: every byte of a text falls to one token, those of a character in several tokens once") {
  const Opened opened;
  for (const char* text : {"the cat", " the  \n cat ", "\u00e4\u20ac\U0001F600x", "a"}) {
    const LmDocument document = opened.document(text);
    CHECK(sum(document.bytes, document.first) == static_cast<int64_t>(std::string(text).size()));
  }
  LmOptions bare;
  bare.document_tokens = "none";
  const LmDocument document = Opened(bare).document("cat");  // its first byte is told from nothing
  CHECK(sum(document.bytes, document.first) == 2);
}

TEST_CASE("lm: behind a prompt the text alone is counted, unless the prompt is learnt, too") {
  LmOptions options;
  options.prompt_column = "prompt";
  const Opened opened(options);
  const LmDocument document = opened.document("the cat", "who?");
  CHECK(opened.words(document) == "<|endoftext|>who? the cat<|endoftext|>");
  CHECK(document.first == 5);
  CHECK(sum(document.bytes, document.first) == 8);  // with the blank before it
  options.mask_prompt = false;
  options.prompt_separator = "\n";
  const Opened learnt(options);
  CHECK(learnt.document("the cat", "who?").first == 1);
  CHECK(learnt.words(learnt.document("the cat", "who?")) == "<|endoftext|>who?\nthe cat<|endoftext|>");
}

TEST_CASE("lm: windows count each token of a text once, behind as many as options ask for") {
  for (const int64_t stride : {0, 1, 3, 7}) {
    LmOptions options;
    options.stride = stride;
    const Opened opened(options, 8);
    for (const size_t letters : {1, 6, 7, 14, 15, 40}) {
      const LmDocument document = opened.document(std::string(letters, 'x'));
      const std::vector<LmWindow> windows = opened.encoder.windows(document);
      std::vector<int32_t> counted;
      int64_t bytes = 0;
      for (size_t i = 0; i < windows.size(); ++i) {
        const LmWindow& window = windows[i];
        CHECK(window.tokens.size() <= 8);
        CHECK(window.tokens.cut == 0);
        CHECK(window.first >= (i == 0 ? 1 : std::max<int64_t>(1, stride)));
        counted.insert(counted.end(), window.tokens.ids.begin() + window.first, window.tokens.ids.end());
        bytes += window.bytes;
      }
      CHECK(counted == std::vector<int32_t>(document.tokens.ids.begin() + 1, document.tokens.ids.end()));
      CHECK(bytes == static_cast<int64_t>(letters));
      CHECK((windows.size() > 1) == (letters + 2 > 8));
    }
  }
}

TEST_CASE("lm: what follows a prompt is cut; a prompt that leaves no room has no window") {
  LmOptions options;
  options.prompt_column = "prompt";
  const Opened opened(options, 8);
  const std::vector<LmWindow> windows = opened.encoder.windows(opened.document("xxxxxx", "who?"));
  REQUIRE(windows.size() == 1);
  CHECK(windows[0].counted() == 3);
  CHECK(windows[0].tokens.cut == 5);
  // Where the prompt is learnt, too, it is no example by itself.
  options.mask_prompt = false;
  const Opened learnt(options, 8);
  CHECK(learnt.encoder.windows(learnt.document("xxxxxx", "who?"))[0].counted() == 7);
  for (const Opened* of : {&opened, &learnt}) {
    const LmDocument document = of->document("x", "who is it?");
    CHECK(of->encoder.windows(document).empty());
    CHECK(error_of<std::runtime_error>([&] {
            of->encoder.fail_without_windows({{}, {}, 1, "a.tsv:2"}, document);
          }) == "a.tsv:2: no token of the text is left within 8 tokens: what stands before it has 11");
  }
}

TEST_CASE("lm: lines of plain text are texts, or what stands between blank ones; tables have columns") {
  const ScratchFolder folder;
  const std::string plain = folder.write("a.txt", "one\ntwo\n\n \nthree\n\n").string();
  const auto read = [](const std::string& file, const LmOptions& options) {
    std::vector<std::string> out;
    LmRows rows(file, options);
    for (LmRow row; rows.next(row);) out.push_back(row.where.substr(row.where.rfind(':')) + " " + row.text);
    return out;
  };
  LmOptions options;
  CHECK(read(plain, options) == std::vector<std::string>{":1 one", ":2 two", ":3 ", ":4  ", ":5 three", ":6 "});
  options.text_separator = "blank_line";
  CHECK(read(plain, options) == std::vector<std::string>{":1 one\ntwo", ":5 three"});
  const std::string table = folder.write("a.tsv", "text\tq\nyes\tis it?\n\tno?\n").string();
  CHECK(read(table, options) == std::vector<std::string>{":2 yes", ":3 "});
  options.prompt_column = "q";
  LmRows rows(table, options);
  LmRow row;
  REQUIRE(rows.next(row));
  CHECK(row.prompt == "is it?");
  REQUIRE(rows.next(row));
  CHECK(is_blank_text(row.text));
  options.prompt_column = "p";
  CHECK_THROWS_WITH_AS(LmRows(table, options), doctest::Contains("\"p\""), std::runtime_error);
}
