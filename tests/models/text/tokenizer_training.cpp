// SPDX-License-Identifier: Apache-2.0
// Whole tokenizers made of texts: their files, what they encode, and what is refused. The ids of encoded.jsonl are
// those that the reference library gives with the files that are written here.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/text/tokenizer.h"
#include "models/text/train/tokenizer_trainer.h"
#include "tensor/io/json.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

using Type = TokenizerTraining::Type;

const std::filesystem::path own_cases = source_folder() / "tests" / "models" / "text" / "training_cases";

std::vector<std::string> corpus() {
  std::vector<std::string> lines;
  std::ifstream file(own_cases / "corpus.txt");
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::unique_ptr<Tokenizer> trained(const TokenizerTraining& training, const std::vector<std::string>& texts) {
  TokenizerTrainer trainer(training);
  for (const std::string& text : texts) trainer.add(text);
  return trainer.train();
}

std::vector<std::string> names_of(const Tokenizer& tokenizer) {
  std::vector<std::string> names;
  for (const ProcessorFile& file : tokenizer.files()) names.push_back(file.name);
  std::ranges::sort(names);
  return names;
}

const std::map<std::string, TokenizerTraining>& trainings() {
  static const std::map<std::string, TokenizerTraining> all{
      {"wordpiece", {.type = Type::wordpiece, .vocab_size = 400, .special_tokens = {"<user>"}, .model_max_length = 64}},
      {"cased", {.type = Type::wordpiece, .vocab_size = 300, .min_frequency = 0, .do_lower_case = false}},
      {"mpnet", {.type = Type::mpnet, .vocab_size = 400, .special_tokens = {"<user>"}, .model_max_length = 64}},
      {"bpe", {.type = Type::bpe, .vocab_size = 500, .special_tokens = {"<|user|>"}}},
      {"prefixed", {.type = Type::bpe, .vocab_size = 400, .add_prefix_space = true}},
      {"unigram", {.type = Type::unigram, .vocab_size = 300, .special_tokens = {"<user>"}, .extra_ids = 3}},
      {"identity", {.type = Type::unigram, .vocab_size = 250, .nmt_nfkc = false}}};
  return all;
}

const char* const odd_texts[] = {"",
                                 " ",
                                 "Transparent copies \t of  the Document.",
                                 "na\xC3\xAFve caf\x65\xCC\x81s 42",
                                 "\xEF\xBC\xA1\xE2\x84\xA2 \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x98\x80",
                                 "<user> text<|user|>",
                                 "\xE2\x96\x81x\xE2\x80\x8By\x01z"};

}  // namespace

TEST_CASE("tokenizer training: what is saved is read again as the same tokenizer") {
  const std::vector<std::string> texts = corpus();
  for (const auto& [name, training] : trainings()) {
    const auto& called = name;  // clang 14 captures no name of a structured binding
    INFO(called);
    const auto tokenizer = trained(training, texts);
    const ScratchFolder folder;
    tokenizer->save(folder.path().string());
    const auto loaded = load_tokenizer(folder.path().string());
    const auto sentinels = training.type == Type::unigram ? static_cast<size_t>(training.extra_ids) : size_t{0};
    CHECK(tokenizer->vocab_size() == training.vocab_size + sentinels);
    CHECK(loaded->vocab_size() == tokenizer->vocab_size());
    CHECK(loaded->max_length() == training.model_max_length);
    CHECK(loaded->special().eos == tokenizer->special().eos);
    CHECK(loaded->special().pad == tokenizer->special().pad);
    CHECK(loaded->special().mask.has_value() == (training.type == Type::wordpiece || training.type == Type::mpnet));
    for (const std::string& text : texts) CHECK(loaded->encode(text).ids == tokenizer->encode(text).ids);
    for (const char* text : odd_texts) CHECK(loaded->encode(text).ids == tokenizer->encode(text).ids);
    for (const std::string& token : training.special_tokens) {
      REQUIRE(loaded->find_id(token).has_value());
      CHECK(loaded->is_special(*loaded->find_id(token)));
    }
    const std::vector<std::string> files = names_of(*tokenizer);
    const std::vector<std::string> expected =
        training.type == Type::wordpiece || training.type == Type::mpnet
            ? std::vector<std::string>{"tokenizer.json", "tokenizer_config.json", "vocab.txt"}
        : training.type == Type::bpe
            ? std::vector<std::string>{"merges.txt", "tokenizer.json", "tokenizer_config.json", "vocab.json"}
            : std::vector<std::string>{"spiece.model", "tokenizer.json", "tokenizer_config.json"};
    CHECK(files == expected);
    // The older files alone make the same tokenizer, but for special tokens that only tokenizer.json tells of.
    std::filesystem::remove(folder.path() / "tokenizer.json");
    const auto older = load_tokenizer(folder.path().string());
    for (const std::string& text : texts) CHECK(older->encode(text).ids == tokenizer->encode(text).ids);
  }
}

TEST_CASE("tokenizer training: texts in another order and in other pieces make the same files") {
  std::vector<std::string> texts = corpus();
  for (const auto& [name, training] : trainings()) {
    const auto& called = name;  // clang 14 captures no name of a structured binding
    INFO(called);
    if (training.add_prefix_space) continue;  // the first word of a text is another
    const auto one = trained(training, texts);
    std::vector<std::string> other(texts.rbegin(), texts.rend());
    for (std::string& text : other) text += " ";
    if (training.type == Type::bpe) other.assign(texts.rbegin(), texts.rend());
    const auto two = trained(training, other);
    REQUIRE(one->files().size() == two->files().size());
    for (size_t i = 0; i < one->files().size(); ++i) CHECK(one->files()[i].content == two->files()[i].content);
  }
}

TEST_CASE("tokenizer training: WordPiece and BPE encode as the reference does with their files") {
  std::map<std::string, std::unique_ptr<Tokenizer>> tokenizers;
  for (const auto& [name, training] : trainings()) tokenizers[name] = trained(training, corpus());
  std::ifstream lines(own_cases / "encoded.jsonl");
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json expected = Json::parse(line, "encoded.jsonl");
    CAPTURE(line);
    const auto ids = expected.get_ints("ids");
    CHECK(tokenizers.at(expected.get_string("type"))->encode(expected.get_string("text")).ids ==
          std::vector<int32_t>(ids.begin(), ids.end()));
  }
  CHECK(count > 40);
}

TEST_CASE("tokenizer training: special tokens of MPNet, whose padding is token 1") {
  const auto tokenizer = trained(trainings().at("mpnet"), corpus());
  const SpecialTokens& special = tokenizer->special();
  CHECK(special.cls == 0);
  CHECK(special.bos == 0);
  CHECK(special.pad == 1);
  CHECK(special.sep == 2);
  CHECK(special.eos == 2);
  CHECK(special.unknown == 3);
  CHECK(special.mask == 4);
  CHECK(tokenizer->find_id("<user>") == 5);
  const std::vector<int32_t> ids = tokenizer->encode_pair("the", "the", {}).ids;
  CHECK(std::vector<int32_t>{ids[0], ids[2], ids[3], ids[5]} == std::vector<int32_t>{0, 2, 2, 2});
}

TEST_CASE("tokenizer training: sentinels and special tokens of T5") {
  const auto tokenizer = trained(trainings().at("unigram"), corpus());
  CHECK(tokenizer->special().pad == 0);
  CHECK(tokenizer->special().eos == 1);
  CHECK(tokenizer->special().unknown == 2);
  CHECK(tokenizer->find_id("<extra_id_0>") == 302);
  CHECK(tokenizer->find_id("<extra_id_2>") == 300);
  CHECK_FALSE(tokenizer->find_id("<extra_id_3>").has_value());
  const std::vector<int32_t> ids = tokenizer->encode("the document").ids;
  CHECK(ids.back() == 1);
  CHECK(tokenizer->decode(ids) == "the document");
  CHECK(tokenizer->encode("\xEF\xBD\x94he").ids == tokenizer->encode("the").ids);  // a wide t
}

TEST_CASE("tokenizer training: what cannot be made is refused in a line") {
  const std::vector<std::string> texts = corpus();
  const auto error_of = [&](TokenizerTraining training, const std::vector<std::string>& of) -> std::string {
    try {
      trained(training, of);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  };
  CHECK(error_of({.type = Type::bpe, .vocab_size = 256}, texts) ==
        "vocab_size 256: characters and special tokens alone are 257");
  CHECK(error_of({.type = Type::bpe, .vocab_size = 257}, texts) == "");
  CHECK(error_of({.type = Type::bpe, .vocab_size = 300, .min_frequency = 1000}, texts) ==
        "vocab_size 300: the texts make no more than 257 tokens with min_frequency 1000");
  CHECK(error_of({.type = Type::wordpiece, .vocab_size = 10}, texts).find("characters and special tokens alone are") !=
        std::string::npos);
  CHECK(error_of({.type = Type::wordpiece, .vocab_size = 5000}, texts).find("the texts make no more than") !=
        std::string::npos);
  CHECK(error_of({.type = Type::unigram, .vocab_size = 5}, texts)
            .starts_with("vocab_size 5: characters and special tokens alone are "));
  CHECK(error_of({.type = Type::unigram, .vocab_size = 20}, texts).find("characters and special tokens alone are") !=
        std::string::npos);
  CHECK(error_of({.type = Type::unigram, .vocab_size = 50000}, texts).find("the texts make no more than") !=
        std::string::npos);
  CHECK(error_of({.type = Type::unigram, .vocab_size = 300, .special_tokens = {"a"}}, texts) ==
        "special_tokens \"a\": the texts make a piece of it, too");
  CHECK(error_of({}, {}) == "no words in 0 texts: there is nothing to train on");
  CHECK(error_of({}, {"", " \t"}) == "no words in 2 texts: there is nothing to train on");
  CHECK(error_of({.vocab_size = 0}, texts).starts_with("vocab_size 0: "));
  CHECK(error_of({.special_tokens = {"a\nb"}}, texts).starts_with("special_tokens \"a"));
  CHECK(error_of({.type = Type::unigram, .character_coverage = 0}, texts).starts_with("character_coverage 0: "));
  CHECK_THROWS_AS(TokenizerTrainer({}).add("\xC3("), std::invalid_argument);
}
