// SPDX-License-Identifier: Apache-2.0
// Pieces, character maps and cuts made by hand: what decides between two, and where offsets lie.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/text/character_map.h"
#include "models/text/sentencepiece_tokenizer.h"
#include "models/text/unigram_model.h"
#include "tests/error_of.h"
#include "tests/models/text/spiece_bytes.h"

using namespace thaw;

namespace {

std::vector<TokenPiece> cut(const UnigramModel& model, std::string_view text) {
  std::vector<TokenPiece> pieces;
  model.split(text, pieces);
  return pieces;
}

}  // namespace

TEST_CASE("character map: an entry is found where the text begins with it") {
  const CharacterMap map(letter_map('c', "\xC3\xA9"), "map");
  CHECK(map.longest("cc").size == 1);
  CHECK(map.longest("cc").replacement == "\xC3\xA9");
  CHECK(map.shortest("c").replacement == "\xC3\xA9");
  CHECK(map.longest("b").size == 0);
  CHECK(map.longest("").size == 0);
  CHECK(map.longest(std::string_view("\0c", 2)).size == 0);
  CHECK(CharacterMap().longest("c").size == 0);
}

TEST_CASE("character map: an entry that ends within a character of the text is none") {
  const CharacterMap map(letter_map('\xC3', "x"), "map");
  CHECK(map.longest("\xC3\xA9").size == 0);
}

TEST_CASE("spiece.model: its settings are read, with the reference's defaults where there are none") {
  const std::string path = "spiece.model";
  const SentencePieceFile file = parse_sentencepiece(good_spiece(), path);
  CHECK(file.pieces.size() == 6);
  CHECK(file.unknown == 0);
  CHECK(file.normalizer.add_dummy_prefix);
  CHECK(file.normalizer.remove_extra_whitespaces);
  CHECK(file.normalizer.escape_whitespaces);
  CHECK_FALSE(file.byte_fallback);
  CHECK(file.find_control("</s>") == 1);
  CHECK_FALSE(file.find_control("a").has_value());
  const std::string trainer = number_field(24, 1) + bytes_field(44, "?") + bytes_field(47, "end") + float_field(99, 1);
  const std::string rules = number_field(3, 0) + number_field(4, 0) + number_field(5, 0) + bytes_field(1, "name");
  const auto other = parse_sentencepiece(good_spiece() + bytes_field(2, trainer) + bytes_field(3, rules), path);
  CHECK(other.treat_whitespace_as_suffix);
  CHECK(other.unknown_surface == "?");
  CHECK(other.eos == "end");
  CHECK_FALSE(other.normalizer.add_dummy_prefix);
  CHECK_FALSE(other.normalizer.remove_extra_whitespaces);
  CHECK_FALSE(other.normalizer.escape_whitespaces);
  CHECK(other.normalizer.precompiled_map == file.normalizer.precompiled_map);
}

TEST_CASE("sentencepiece: blanks, the map, user-defined pieces and unknown characters, with their offsets") {
  const SentencePieceTokenizer tokenizer(good_spiece(), "spiece.model", {});
  EncodeOptions options;
  options.keep_tokens = true;
  const Encoding got = tokenizer.encode("  a  cd\xC3\xA9zab cdb ", options);
  CHECK(got.tokens == std::vector<std::string>{"\xE2\x96\x81"
                                               "a",
                                               "<unk>", "b", "<unk>", "a", "b", "<unk>", "b"});
  CHECK(got.offsets == std::vector<TextSpan>{{2, 3}, {3, 5}, {5, 6}, {6, 9}, {9, 9}, {9, 9}, {9, 14}, {14, 15}});
  CHECK(tokenizer.special().eos == 1);
  CHECK(tokenizer.special().unknown == 0);
  CHECK(tokenizer.encode("   ").size() == 0);
  CHECK(tokenizer.decode(std::vector<int32_t>{2, 1, 0, 2}) == "a \xE2\x81\x87  a");
}

TEST_CASE(
    "unigram: the greatest sum wins, the first of equal ones, and what is unknown costs ten more than the worst") {
  const std::vector<ScoredPiece> pieces{{"<unk>", 0}, {"a", -1}, {"b", -1}, {"ab", -2}, {"abc", -30}, {"\xC3\xA9", -3}};
  const UnigramModel model(pieces, 0, false);
  CHECK(cut(model, "ab") == std::vector<TokenPiece>{{3, 0, 2}});
  CHECK(cut(model, "abc") == std::vector<TokenPiece>{{4, 0, 3}});
  CHECK(cut(model, "azzb") == std::vector<TokenPiece>{{1, 0, 1}, {0, 1, 3}, {2, 3, 4}});
  CHECK(cut(model, "\xC3\xA9\xC3\xA8") == std::vector<TokenPiece>{{5, 0, 2}, {0, 2, 4}});
  CHECK(cut(model, "<unk>z") == std::vector<TokenPiece>{{0, 0, 6}});
  CHECK(cut(model, "").empty());
  const UnigramModel strict(pieces, std::nullopt, false);
  CHECK(cut(strict, "ab").size() == 1);
  CHECK(error_of<std::runtime_error>([&] { cut(strict, "az"); }) ==
        "the tokenizer has no unknown token, and none for \"z\"");
  CHECK_THROWS_AS(UnigramModel(pieces, 6, false), std::invalid_argument);
  CHECK_THROWS_AS(UnigramModel({{"a", 0}, {"a", 1}}, 0, false), std::invalid_argument);
}

TEST_CASE("unigram: bytes stand for what is unknown, each for the whole of it, if every byte has a piece") {
  const std::vector<ScoredPiece> pieces{{"<unk>", 0}, {"a", -1}, {"<0xC3>", 0}, {"<0xA9>", 0}};
  const UnigramModel model(pieces, 0, true);
  CHECK(cut(model, "a\xC3\xA9") == std::vector<TokenPiece>{{1, 0, 1}, {2, 1, 3}, {3, 1, 3}});
  CHECK(cut(model, "\xC3\xA9\xC3\xA9").size() == 4);
  CHECK(cut(model, "\xC3\xA8") == std::vector<TokenPiece>{{0, 0, 2}});
}

TEST_CASE("unigram: a text as long as you like is cut in one go") {
  const std::vector<ScoredPiece> pieces{{"<unk>", 0}, {"a", -2}, {"aa", -3}};
  const std::string text(100'001, 'a');
  CHECK(cut(UnigramModel(pieces, 0, false), text).size() == 50'001);
}
