// SPDX-License-Identifier: Apache-2.0
// Rules about tokens by their ids and texts.
#include "models/tasks/text2text/token_words.h"

#include <doctest/doctest.h>

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
  apply({}, *v.tokenizer, options);
  CHECK(options.suppress_tokens == std::vector<int32_t>{7});
  TokenWords words{.forced_bos_token_id = "cat",
                   .forced_eos_token_id = "none",
                   .suppress_tokens = "5,dog",
                   .begin_suppress_tokens = "none",
                   .bad_words_file = v.folder.write("bad", "the cat\n\nmats\n").string()};
  apply(words, *v.tokenizer, options);
  CHECK(options.forced_bos_token_id == v.id("cat"));
  CHECK_FALSE(options.forced_eos_token_id);
  CHECK(options.suppress_tokens == std::vector<int32_t>{5, v.id("dog")});
  CHECK(options.begin_suppress_tokens.empty());
  CHECK(options.bad_words_ids ==
        std::vector<std::vector<int32_t>>{{v.id("the"), v.id("cat")}, {v.id("mat"), v.id("##s")}});
  words.bad_words_file = "none";
  apply(words, *v.tokenizer, options);
  CHECK(options.bad_words_ids.empty());
}

TEST_CASE("token words: what is no token is told with its option, an empty text with its line") {
  const Words v;
  GenerationOptions options;
  const auto error = [&](const TokenWords& words) {
    return error_of<std::invalid_argument>([&] { apply(words, *v.tokenizer, options); });
  };
  CHECK(error({.forced_bos_token_id = "juggler"}) ==
        "forced_bos_token_id: \"juggler\" is neither a token of the vocabulary nor the id of one");
  CHECK(error({.suppress_tokens = "cat,,dog"}).starts_with("suppress_tokens: \"\" is neither"));
  CHECK(error({.begin_suppress_tokens = "100000"}).starts_with("begin_suppress_tokens: \"100000\" is neither"));
  const std::string file = v.folder.write("bad", "cat\n \n").string();
  CHECK(error_of<std::runtime_error>([&] { apply({.bad_words_file = file}, *v.tokenizer, options); }) ==
        file + ":2: \" \" has no token");
}
