// SPDX-License-Identifier: Apache-2.0
// Rules about tokens by their ids and texts.
#include "models/tasks/text2text/token_words.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/error_of.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Words {
  ScratchFolder folder;
  std::unique_ptr<Tokenizer> tokenizer;
  Words() {
    folder.write("tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    write_small_vocabulary(folder.path().string());
    tokenizer = load_tokenizer(folder.path().string());
  }
  int64_t tokens() const { return static_cast<int64_t>(tokenizer->vocab_size()); }
  int32_t id(const std::string& token) const { return tokenizer->find_id(token).value(); }
};

}  // namespace

TEST_CASE("token words: by id or text, in the place of what the file says; none takes it away") {
  const Words v;
  GenerationOptions options;
  options.suppress_tokens = {7};
  options.begin_suppress_tokens = {8};
  options.forced_eos_token_id = 3;
  options.bad_words_ids = {{9}};
  apply({}, *v.tokenizer, v.tokens(), options);
  CHECK(options.suppress_tokens == std::vector<int32_t>{7});
  TokenWords words{.forced_bos_token_id = "cat",
                   .forced_eos_token_id = "none",
                   .suppress_tokens = "5,dog",
                   .begin_suppress_tokens = "none",
                   .bad_words_file = v.folder.write("bad", "the cat\n\nmats\n").string()};
  apply(words, *v.tokenizer, v.tokens(), options);
  CHECK(options.forced_bos_token_id == v.id("cat"));
  CHECK_FALSE(options.forced_eos_token_id);
  CHECK(options.suppress_tokens == std::vector<int32_t>{5, v.id("dog")});
  CHECK(options.begin_suppress_tokens.empty());
  CHECK(options.bad_words_ids ==
        std::vector<std::vector<int32_t>>{{v.id("the"), v.id("cat")}, {v.id("mat"), v.id("##s")}});
  words.bad_words_file = "none";
  apply(words, *v.tokenizer, v.tokens(), options);
  CHECK(options.bad_words_ids.empty());
}

TEST_CASE("token words: what is no token is told with its option, an empty text with its line") {
  const Words v;
  GenerationOptions options;
  const auto error = [&](const TokenWords& words) {
    return error_of<std::invalid_argument>([&] { apply(words, *v.tokenizer, v.tokens(), options); });
  };
  CHECK(error({.forced_bos_token_id = "juggler"}) ==
        "forced_bos_token_id: \"juggler\" is neither a token of the vocabulary nor the id of one");
  CHECK(error({.suppress_tokens = "cat,,dog"}).starts_with("suppress_tokens: \"\" is neither"));
  CHECK(error({.begin_suppress_tokens = "100000"}).starts_with("begin_suppress_tokens: \"100000\" is neither"));
  const std::string file = v.folder.write("bad", "cat\n \n").string();
  const auto error_of_file = [&](const std::string& path) {
    return error_of<std::runtime_error>([&] { apply({.bad_words_file = path}, *v.tokenizer, v.tokens(), options); });
  };
  CHECK(error_of_file(file) == file + ":2: \" \" has no token");
  const std::string strange = v.folder.write("strange", "the cat \xE2\x82\xAC sat\n").string();
  CHECK(error_of_file(strange) ==
        strange + ":1: \"the cat \xE2\x82\xAC sat\" has \"\xE2\x82\xAC\", which the vocabulary does not know");
}

TEST_CASE("token words: what the tokenizer has and the model has not is told with its option") {
  const Words v;
  GenerationOptions options;
  const int32_t cat = v.id("cat");
  CHECK(error_of<std::invalid_argument>([&] { apply({.suppress_tokens = "cat"}, *v.tokenizer, cat, options); }) ==
        fmt::format("suppress_tokens: the model does not know \"cat\" (id {}): it has {} tokens", cat, cat));
  CHECK_NOTHROW(apply({.suppress_tokens = "cat"}, *v.tokenizer, cat + 1, options));
}

TEST_CASE("token words: a list with nothing between two commas is told without a vocabulary") {
  const auto error = [](const TokenWords& words) {
    return error_of<std::invalid_argument>([&] { check_lists(words, {}); });
  };
  CHECK(error({.suppress_tokens = "1,,2"}) == "suppress_tokens 1,,2: there is no token between two commas");
  CHECK(error({.begin_suppress_tokens = ","}).starts_with("begin_suppress_tokens ,: there"));
  CHECK_NOTHROW(check_lists({.suppress_tokens = "1,2", .begin_suppress_tokens = "none"}, {}));
}

TEST_CASE("token words: a forced token that a rule forbids is told with who says so") {
  GenerationOptions options;
  options.forced_bos_token_id = 7;
  options.suppress_tokens = {6, 7};
  const auto error = [&](const TokenWords& given) {
    return error_of<std::invalid_argument>([&] { check_forced(given, "g.json", options); });
  };
  CHECK(error({.forced_bos_token_id = "7", .suppress_tokens = "6,7"}) ==
        "forced_bos_token_id 7: suppress_tokens forbids it");
  CHECK(error({.forced_bos_token_id = "7"}) == "forced_bos_token_id 7: suppress_tokens of g.json forbids it");
  CHECK(error({.suppress_tokens = "6,7"}) == "suppress_tokens 7: forbids the forced_bos_token_id of g.json");
  options.suppress_tokens.clear();
  options.bad_words_ids = {{7}};
  CHECK(error({.bad_words_file = "bad"}) == "bad_words_file 7: forbids the forced_bos_token_id of g.json");
  CHECK_NOTHROW(check_forced({}, "g.json", options));  // the file's own fault: check_with_overrides()
}
