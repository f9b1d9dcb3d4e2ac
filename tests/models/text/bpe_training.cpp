// SPDX-License-Identifier: Apache-2.0
// Training of BPE and WordPiece, held to what the reference library made of the same texts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/text/bert_normalizer.h"
#include "models/text/byte_characters.h"
#include "models/text/normalizer.h"
#include "models/text/pre_tokenizer.h"
#include "models/text/train/bpe_trainer.h"
#include "models/text/train/word_counts.h"
#include "tensor/io/json.h"
#include "tests/goldens.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

using Words = std::vector<std::pair<std::string, uint64_t>>;

const std::filesystem::path own_cases = source_folder() / "tests" / "models" / "text" / "training_cases";

// What a merge joins, as merges.txt has it.
std::vector<std::string> lines_of(const TrainedBpe& trained) {
  std::vector<std::string> lines;
  for (const BpeMerge& merge : trained.merges)
    lines.push_back(*trained.vocabulary.find_token(merge.left) + " " + *trained.vocabulary.find_token(merge.right));
  return lines;
}

std::vector<std::string> tokens_of(const Vocabulary& vocabulary) {
  std::vector<std::string> tokens;
  for (int32_t id = 0; id < static_cast<int32_t>(vocabulary.size()); ++id) tokens.push_back(*vocabulary.find_token(id));
  return tokens;
}

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::ranges::sort(list);
  return list;
}

Words count(const std::filesystem::path& corpus, Normalizer normalizer, PreTokenizer pre_tokenizer) {
  WordCounts counts(std::move(normalizer), std::move(pre_tokenizer));
  std::ifstream lines(corpus);
  for (std::string line; std::getline(lines, line);) counts.add(line);
  return counts.sorted();
}

Words byte_words(const std::filesystem::path& corpus) {
  return count(corpus, {}, PreTokenizer({ByteWords{.add_prefix_space = false}}));
}

Words bert_words(const std::filesystem::path& corpus) {
  return count(corpus, Normalizer({BertNormalizer{}}), PreTokenizer({BertWords{}}));
}

BpeTraining byte_training(size_t size, uint64_t least) {
  BpeTraining training{.vocabulary_size = size, .least_frequency = least, .special_tokens = {"<|endoftext|>"}};
  training.alphabet.assign(byte_characters().begin(), byte_characters().end());
  return training;
}

// A merges.txt without its first line.
std::vector<std::string> merges_in(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);)
    if (!line.starts_with("#version")) lines.push_back(line);
  return lines;
}

void check_vocabulary(const Vocabulary& vocabulary, const Json& expected) {
  CHECK(vocabulary.count() == expected.size());
  for (const JsonMember& member : expected.members())
    CHECK(vocabulary.find_id(member.key) == expected.get_int(member.key));
}

}  // namespace

TEST_CASE("bpe training: merges and vocabularies are the reference's") {
  if (!has_golden("tokenizers")) return;
  const std::filesystem::path folder = golden_dir() / "tokenizers" / "train_bpe";
  const Words bytes = byte_words(folder / "corpus.txt"), words = bert_words(folder / "corpus.txt");
  const Json settings = Json::read((folder / "settings.json").string());
  for (const JsonMember& member : settings.members()) {
    CAPTURE(member.key);
    const auto least = static_cast<uint64_t>(member.value.get_int("min_frequency"));
    const auto size = static_cast<size_t>(std::stoi(member.key));
    const TrainedBpe of_bytes = train_bpe(bytes, byte_training(size, least));
    CHECK(lines_of(of_bytes) == merges_in(folder / ("bytes_" + member.key) / "merges.txt"));
    check_vocabulary(of_bytes.vocabulary, Json::read((folder / ("bytes_" + member.key) / "vocab.json").string()));
    const TrainedBpe of_words = train_bpe(
        words, {.vocabulary_size = size, .least_frequency = least, .special_tokens = {"<unk>"}, .suffix = "</w>"});
    CHECK(lines_of(of_words) == merges_in(folder / ("words_" + member.key) / "merges.txt"));
    const Json tokens = Json::read((folder / ("words_" + member.key) / "tokens_sorted.json").string());
    std::vector<std::string> expected;
    for (const Json& token : tokens.items()) expected.push_back(token.as_string());
    CHECK(sorted(tokens_of(of_words.vocabulary)) == sorted(expected));
  }
}

TEST_CASE("wordpiece training: letters and merged pieces are the reference's") {
  if (!has_golden("tokenizers")) return;
  const std::filesystem::path folder = golden_dir() / "tokenizers" / "train_wordpiece";
  const Json settings = Json::read((folder / "settings.json").string());
  for (const JsonMember& member : settings.members()) {
    CAPTURE(member.key);
    Words words;
    if (const std::string& source = member.value.get_string("source"); source.ends_with(".tsv")) {
      std::ifstream lines(folder / source);
      for (std::string word, times; std::getline(lines, word, '\t') && std::getline(lines, times);)
        words.emplace_back(word, std::stoull(times));
    } else {
      words = bert_words(folder / source);
    }
    BpeTraining training{.vocabulary_size = static_cast<size_t>(member.value.get_int("vocab_size")),
                         .least_frequency = static_cast<uint64_t>(member.value.get_int("min_frequency")),
                         .special_tokens = member.value.get_strings("special_tokens"),
                         .prefix = "##"};
    if (!member.value.at("limit_alphabet").is_null())
      training.alphabet_limit = static_cast<size_t>(member.value.get_int("limit_alphabet"));
    const std::vector<std::string> tokens = tokens_of(train_bpe(words, training).vocabulary);
    const Json expected = Json::read((folder / member.key / "vocab.json").string());
    const auto letters = static_cast<ptrdiff_t>(member.value.get_int("letters")),
               specials = static_cast<ptrdiff_t>(training.special_tokens.size()),
               stable = static_cast<ptrdiff_t>(member.value.get_int("stable_order"));
    REQUIRE(tokens.size() == static_cast<size_t>(specials + letters + member.value.get_int("merged")));
    const std::vector<std::string> own_letters(tokens.begin() + specials, tokens.begin() + specials + letters),
        own_merged(tokens.begin() + specials + letters, tokens.end());
    const std::vector<std::string> merged = expected.get_strings("merged");
    CHECK(sorted(own_letters) == sorted(expected.get_strings("letters")));
    CHECK(sorted(own_merged) == sorted(merged));
    CHECK(std::equal(own_merged.begin(), own_merged.begin() + stable, merged.begin()));
  }
}

TEST_CASE("bpe training: of the texts kept here the reference made the same") {
  const Json bytes = Json::read((own_cases / "bytes.json").string());
  const TrainedBpe of_bytes = train_bpe(byte_words(own_cases / "corpus.txt"), byte_training(500, 0));
  check_vocabulary(of_bytes.vocabulary, bytes.get_object("vocab"));
  std::vector<std::string> merges;
  for (const Json& merge : bytes.get_array("merges").items())
    merges.push_back(merge.get_string(0) + " " + merge.get_string(1));
  CHECK(lines_of(of_bytes) == merges);

  const Json words = Json::read((own_cases / "words.json").string());
  const Words counted = bert_words(own_cases / "corpus.txt");
  const TrainedBpe of_words = train_bpe(
      counted, {.vocabulary_size = 2000, .least_frequency = 4, .special_tokens = {"<unk>"}, .suffix = "</w>"});
  merges.clear();
  for (const Json& merge : words.get_array("merges").items())
    merges.push_back(merge.get_string(0) + " " + merge.get_string(1));
  CHECK(lines_of(of_words) == merges);
  CHECK(sorted(tokens_of(of_words.vocabulary)) == sorted(words.get_strings("tokens")));

  const Json pieces = Json::read((own_cases / "wordpiece.json").string());
  Words words_of_pieces;
  for (const JsonMember& word : pieces.get_object("words").members())
    words_of_pieces.emplace_back(word.key, static_cast<uint64_t>(word.value.as_int()));
  const TrainedBpe of_pieces =
      train_bpe(words_of_pieces, {.vocabulary_size = static_cast<size_t>(pieces.get_int("vocabulary_size")),
                                  .special_tokens = {"[PAD]", "[UNK]"},
                                  .prefix = "##"});
  CHECK(sorted(tokens_of(of_pieces.vocabulary)) == sorted(pieces.get_strings("tokens")));
}

TEST_CASE("bpe training: the edges of what can be asked for") {
  const Words words{{"aaaa", 3}, {"ab", 5}, {"abab", 2}};
  SUBCASE("overlapping pairs are merged from the left") {
    const TrainedBpe trained = train_bpe({{"aaa", 2}}, {.vocabulary_size = 3});
    CHECK(lines_of(trained) == std::vector<std::string>{"a a", "aa a"});
  }
  SUBCASE("ties go to the smaller ids") {
    const TrainedBpe trained = train_bpe({{"ba", 1}, {"cd", 1}}, {.vocabulary_size = 5});
    CHECK(lines_of(trained) == std::vector<std::string>{"b a"});
  }
  SUBCASE("a vocabulary smaller than its letters has no merges") {
    CHECK(train_bpe(words, {.vocabulary_size = 1}).merges.empty());
  }
  SUBCASE("no pair is frequent enough") {
    CHECK(train_bpe(words, {.vocabulary_size = 100, .least_frequency = 1000}).merges.empty());
  }
  SUBCASE("no words") { CHECK(train_bpe({}, {.vocabulary_size = 10, .special_tokens = {"x"}}).vocabulary.size() == 1); }
  SUBCASE("letters beyond the limit are passed over") {
    const TrainedBpe trained = train_bpe(words, {.vocabulary_size = 100, .alphabet_limit = 1});
    CHECK(trained.vocabulary.find_id("a") == 0);
    CHECK_FALSE(trained.vocabulary.find_id("b").has_value());
  }
  SUBCASE("counts beyond 32 bits") {
    const TrainedBpe trained = train_bpe({{"ab", uint64_t{1} << 33}, {"cd", 5}}, {.vocabulary_size = 5});
    CHECK(lines_of(trained) == std::vector<std::string>{"a b"});
  }
  CHECK_THROWS_AS(train_bpe(words, {.vocabulary_size = size_t{1} << 30}), std::invalid_argument);
  WordCounts counts({}, {});
  CHECK_THROWS_AS(counts.add("\xFF"), std::invalid_argument);
}
