// SPDX-License-Identifier: Apache-2.0
// Training of Unigram, part by part, held to what a plain search over all substrings and all cuts finds.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "models/text/character_map.h"
#include "models/text/normal_form.h"
#include "models/text/sentencepiece_file.h"
#include "models/text/train/normalization_map.h"
#include "models/text/train/piece_runs.h"
#include "models/text/train/scripts.h"
#include "models/text/train/seed_pieces.h"
#include "models/text/train/sentencepiece_bytes.h"
#include "models/text/train/unigram_lattice.h"
#include "models/text/train/unigram_trainer.h"
#include "tensor/utf8.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

const std::string blank = "\xE2\x96\x81";

std::vector<std::string> run_texts(const std::string& word, double coverage = 1) {
  std::vector<std::string> out;
  for (const PieceRun& run : cut_into_runs({{word, 1}}, coverage).runs) out.push_back(run.text);
  return out;
}

using Words = std::vector<std::pair<std::string, uint64_t>>;

Words corpus_words() {
  std::map<std::string, uint64_t> counts;
  std::ifstream file(source_folder() / "tests" / "models" / "text" / "training_cases" / "corpus.txt");
  for (std::string word; file >> word;) ++counts[blank + word];
  return {counts.begin(), counts.end()};
}

// Every way to cut a text into pieces, with its probability.
void all_cuts(const std::vector<ScoredPiece>& pieces, const std::string& text, size_t at, std::vector<size_t>& cut,
              const std::function<void(const std::vector<size_t>&)>& take) {
  if (at == text.size()) return take(cut);
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (text.compare(at, pieces[i].text.size(), pieces[i].text) != 0) continue;
    cut.push_back(i);
    all_cuts(pieces, text, at + pieces[i].text.size(), cut, take);
    cut.pop_back();
  }
}

}  // namespace

TEST_CASE("unigram training: words are cut where sentencepiece lets pieces end") {
  using Runs = std::vector<std::string>;
  CHECK(run_texts(blank + "word") == Runs{blank + "word"});
  CHECK(run_texts(blank + "a1b") == Runs{"1", "b", blank + "a"});  // in the order of their bytes
  CHECK(run_texts(blank + "12.5") == Runs{blank + "12.5"});        // digits and marks are of one script
  CHECK(run_texts("x" + blank + "y" + blank) == Runs{"x", blank, blank + "y"});
  CHECK(run_texts("\xD0\xB0\x62") == Runs{"b", "\xD0\xB0"});                                  // Cyrillic, Latin
  CHECK(run_texts("\xE3\x81\x82\xE3\x82\xA2\xE4\xB8\xAD\xE3\x83\xBC").size() == 1);           // one script
  CHECK(run_texts("e\xCC\x81s") == Runs{"e\xCC\x81s"});                                       // an accent
  CHECK(run_texts(std::string(40, 'a')) == Runs{std::string(8, 'a'), std::string(32, 'a')});  // bounded
  CHECK(run_texts("aaaabaaaa", .8) == Runs{"aaaa"});                                          // b is left out
  const PieceRuns counted = cut_into_runs({{"ab", 3}, {"b1", 4}}, 1);
  CHECK(counted.characters == std::vector<std::pair<std::string, uint64_t>>{{"1", 4}, {"a", 3}, {"b", 7}});
  CHECK(script_of('a') != script_of(0x430));
  CHECK(script_of('1') == common_script);
  CHECK(script_of(0x301) == inherited_script);
  CHECK(script_of(0x10FFFF) != common_script);
}

TEST_CASE("unigram training: seeds are the substrings that a plain count finds") {
  Words words = corpus_words();
  words.resize(std::min<size_t>(words.size(), 150));
  const PieceRuns runs = cut_into_runs(words, 1);
  std::map<std::string, uint64_t> counts;
  std::map<std::string, std::set<std::string>> followers;  // the next character, or "" at the end
  std::set<std::string> whole;
  for (const PieceRun& run : runs.runs) {
    whole.insert(run.text);
    std::vector<size_t> places;
    for (size_t at = 0; at < run.text.size(); next_code_point(run.text, at)) places.push_back(at);
    places.push_back(run.text.size());
    for (size_t i = 0; i + 1 < places.size(); ++i)
      for (size_t j = i + 2; j < places.size() && j <= i + 16; ++j) {
        const std::string piece = run.text.substr(places[i], places[j] - places[i]);
        counts[piece] += run.count;
        // Ends of runs are all different.
        followers[piece].insert(j + 1 < places.size() ? run.text.substr(places[j], places[j + 1] - places[j])
                                                      : "end " + run.text + std::to_string(i));
      }
  }
  std::map<std::string, double> expected;
  for (const auto& [piece, count] : counts) {
    const auto length = static_cast<double>(count_code_points(piece));
    if (count >= 2 && (followers[piece].size() >= 2 || whole.contains(piece) || length == 16))
      expected[piece] = static_cast<double>(count) * length;
  }
  std::map<std::string, double> found;
  for (const SeedPiece& seed : find_seed_pieces(runs, 1'000'000))
    if (count_code_points(seed.text) > 1) CHECK(found.emplace(seed.text, seed.score).second);
  // Of 16 characters only what lies in several runs, or twice in one, is found.
  for (auto item = expected.begin(); item != expected.end();)
    item = count_code_points(item->first) == 16 && !found.contains(item->first) ? expected.erase(item) : ++item;
  CHECK(found == expected);
  CHECK(found.size() > 100);
  const std::vector<SeedPiece> few = find_seed_pieces(runs, 5);
  CHECK(few.size() == runs.characters.size() + 5);
}

TEST_CASE("unigram training: expected counts and best cuts are those over all cuts") {
  const std::vector<ScoredPiece> pieces{{"a", -1.},   {"b", -2.5},   {"ab", -2.},
                                        {"ba", -2.2}, {"aba", -2.9}, {"bab", -4.}};
  const UnigramLattice lattice(pieces);
  const std::vector<PieceRun> runs{{"ababa", 3}, {"b", 2}, {"abab", 1}};
  std::vector<double> expected(pieces.size()), best(pieces.size());
  for (const PieceRun& run : runs) {
    double all = 0, greatest = -1e9;
    std::vector<double> sums(pieces.size());
    std::vector<size_t> cut, best_cut;
    all_cuts(pieces, run.text, 0, cut, [&](const std::vector<size_t>& found) {
      double score = 0;
      for (const size_t i : found) score += pieces[i].score;
      all += std::exp(score);
      for (const size_t i : found) sums[i] += std::exp(score);
      if (score > greatest) {
        greatest = score;
        best_cut = found;
      }
    });
    for (size_t i = 0; i < pieces.size(); ++i) expected[i] += static_cast<double>(run.count) * sums[i] / all;
    for (const size_t i : best_cut) best[i] += static_cast<double>(run.count);
  }
  const std::vector<double> counts = lattice.expected_counts(runs);
  for (size_t i = 0; i < pieces.size(); ++i) CHECK(counts[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  CHECK(lattice.best_counts(runs) == best);
  const UnigramLattice::Cut cut = lattice.best_without(4, "aba");
  CHECK(cut.score == doctest::Approx(-3.));
  CHECK(cut.pieces == std::vector<int32_t>{0, 2});  // from the end
  CHECK(lattice.best_without(0, "a").pieces.empty());
}

TEST_CASE("unigram training: texts need no more tokens than with the vocabulary that sentencepiece makes of them") {
  // sentencepiece 0.2.3 on these words, 300 pieces beside <unk>, <s> and </s>.
  constexpr double sentencepiece_tokens = 2527;
  const Words words = corpus_words();
  const std::vector<ScoredPiece> pieces = train_unigram(words, {.vocabulary_size = 300});
  REQUIRE(pieces.size() == 300);
  std::vector<ScoredPiece> with_unknown{{"<unk>", 0}};
  with_unknown.insert(with_unknown.end(), pieces.begin(), pieces.end());
  const UnigramModel model(with_unknown, 0, false);
  double tokens = 0;
  for (const auto& [word, count] : words) {
    std::vector<TokenPiece> cut;
    model.split(word, cut);
    tokens += static_cast<double>(cut.size() * count);
  }
  CHECK(tokens <= 1.02 * sentencepiece_tokens);
  CHECK(std::ranges::is_sorted(pieces, std::ranges::greater(), &ScoredPiece::score));
  CHECK(pieces.front().score < 0);
}

TEST_CASE("unigram training: the character map of a new file does what it says") {
  const std::string bytes = nmt_nfkc_map();
  const CharacterMap map(bytes, "map");  // checks that every node is sound
  const auto mapped = [&](const std::string& text) {
    const CharacterMap::Match match = map.longest(text);
    return match.size == text.size() ? std::string(match.replacement) : "no entry";
  };
  size_t changed = 0;
  for (char32_t code = 0x20; code < 0x30000; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, code);
    NormalizedText normal;
    to_normal_form(NormalForm::nfkc, text, 0, normal);
    const std::string own = mapped(text);
    if (own == "" || own == " ") continue;
    if (own != (normal.text == text ? "no entry" : normal.text)) FAIL_CHECK(static_cast<uint32_t>(code));
    changed += own != "no entry";
  }
  CHECK(changed > 4000);
  for (const char* text :
       {"\t", "\n", "\r", "\xC2\xA0", "\xE2\x80\x8B", "\xE2\x96\x81", "\xEF\xBB\xBF", "\xEF\xBF\xBD"})
    CHECK(mapped(text) == " ");
  for (const char* text : {"\x01", "\x1F", "\x7F", "\xC2\x8F"}) CHECK(mapped(text) == "");
  CHECK(mapped("e\xCC\x81") == "\xC3\xA9");
  CHECK(mapped("A") == "no entry");

  const CharacterMap small(character_map_bytes({{"ab", "x"}, {"a", ""}, {"\xC3\xA9", "e"}, {"abcd", "x"}}), "small");
  CHECK(small.longest("abc").size == 2);
  CHECK(small.longest("abcd").size == 4);
  CHECK(small.shortest("abcd").size == 1);
  CHECK(small.shortest("abcd").replacement == "");
  CHECK(small.longest("\xC3\xA9").replacement == "e");
  CHECK(small.longest("b").size == 0);
  CHECK_THROWS_AS(character_map_bytes({{"a", "b"}, {"a", "c"}}), std::invalid_argument);
}

TEST_CASE("unigram training: a spiece.model is read as it was written") {
  using Type = SentencePiece::Type;
  SentencePieceFile file;
  file.pieces = {{"<pad>", 0, Type::control}, {"<unk>", 0, Type::unknown}, {"\xE2\x96\x81the", -1.5F, Type::normal}};
  file.unknown = 1;
  file.normalizer.precompiled_map = character_map_bytes({{"A", "a"}});
  file.normalizer.remove_extra_whitespaces = false;
  const SentencePieceFile read = parse_sentencepiece(sentencepiece_bytes(file, "own"), "spiece.model");
  REQUIRE(read.pieces.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(read.pieces[i].text == file.pieces[i].text);
    CHECK(read.pieces[i].score == file.pieces[i].score);
    CHECK(read.pieces[i].type == file.pieces[i].type);
  }
  CHECK(read.unknown == 1);
  CHECK(read.normalizer.precompiled_map == file.normalizer.precompiled_map);
  CHECK_FALSE(read.normalizer.remove_extra_whitespaces);
  CHECK(read.normalizer.add_dummy_prefix);
}
