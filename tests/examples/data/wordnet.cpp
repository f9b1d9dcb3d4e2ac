// SPDX-License-Identifier: Apache-2.0
// Reading WordNet's nouns, and the entailment rows made from them.
#include "examples/data/wordnet.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "examples/data/wordnet_nli.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr const char* noun_lines =
    "  1 a line of the licence  \n"
    "00000010 03 n 01 entity 0 001 ~ 00000020 n 0000 | that which is  \n"
    "00000020 05 n 02 animal 0 animate_being 0 002 @ 00000010 n 0000 ~ 00000030 n 0000 | a living thing that moves  \n"
    "00000030 05 n 01 water_bird 0 002 @ 00000020 n 0000 @ 00000010 n 0000 | a bird of the water; \"ducks | geese\"  \n"
    "00000040 15 n 01 Rome 0 001 @i 00000020 n 0000 | a city\n";

std::vector<Synset> read(const ScratchFolder& folder, const std::string& text) {
  return read_wordnet_nouns(folder.write("data.noun", text));
}

std::string read_error(const ScratchFolder& folder, const std::string& text) {
  try {
    read(folder, text);
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    return what.substr(what.rfind('/') + 1);
  }
  return "";
}

// Two kingdoms of 20 kinds each; with their roots, an entity above them.
std::vector<Synset> two_kingdoms() {
  std::vector<Synset> synsets = {
      {3, {"entity"}, "that which is", {}}, {5, {"animal"}, "moves", {0}}, {20, {"plant"}, "grows", {0}}};
  for (int i = 0; i < 40; ++i) {
    const bool animal = i % 2 == 0;
    synsets.push_back({animal ? 5 : 20, {fmt::format("kind {}", i)}, "one of the many kinds", {animal ? 1 : 2}});
  }
  synsets.push_back({5, {"Capital"}, "one of the many kinds", {1}});
  synsets.push_back({5, {"terse"}, "three words only", {1}});
  synsets.push_back({5, {"instance"}, "one of the many kinds", {}});
  synsets.push_back({15, {"place"}, "one of the many kinds", {1}});
  return synsets;
}

}  // namespace

TEST_CASE("wordnet: words, gloss, hypernyms; instances have none") {
  const ScratchFolder folder;
  const auto synsets = read(folder, noun_lines);
  REQUIRE(synsets.size() == 4);
  CHECK(synsets[1].lexicographer_file == 5);
  CHECK(synsets[1].words == std::vector<std::string>{"animal", "animate being"});
  CHECK(synsets[1].gloss == "a living thing that moves");
  CHECK(synsets[2].gloss == "a bird of the water; \"ducks | geese\"");
  CHECK(wordnet_ancestors(synsets, 2) == std::vector<int>{1, 0});
  CHECK(wordnet_ancestors(synsets, 0).empty());
  CHECK(synsets[3].hypernyms.empty());
}

TEST_CASE("wordnet: a circle of hypernyms ends") {
  CHECK(wordnet_ancestors({{5, {"a"}, "", {1}}, {5, {"b"}, "", {0}}}, 0) == std::vector<int>{1});
}

TEST_CASE("wordnet: errors name file and line") {
  const ScratchFolder folder;
  CHECK(read_error(folder, "00000010 03 n 01 entity 0 000\n") == "data.noun:1: has no gloss behind \" | \"");
  CHECK(read_error(folder, "00000010 03 v 01 go 0 000 | move\n") == "data.noun:1: is not a noun");
  CHECK(read_error(folder, "00000010 03 n 00 000 | x\n") == "data.noun:1: has no words");
  CHECK(read_error(folder, "00000010 03 n 01 a 0 002 @ 00000010 n 0000 | x\n") ==
        "data.noun:1: the line ends too early");
  CHECK(read_error(folder, "00000010 xx n 01 a 0 000 | x\n") == "data.noun:1: \"xx\" is not a number");
  CHECK(read_error(folder, "00000010 03 n 01 a 0 001 @ 00000099 n 0000 | x\n") ==
        "data.noun: no synset is at 00000099, the hypernym of a");
  CHECK(read_error(folder, "") == "data.noun: has no synsets");
  CHECK_THROWS_AS(read_wordnet_nouns(folder.path() / "absent"), std::runtime_error);
}

TEST_CASE("wordnet NLI: which nouns, which classes") {
  const auto rows = wordnet_nli(
      two_kingdoms(), [](std::string_view) { return 0; }, 1);
  std::map<std::string, int> premises, hypotheses;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool entailed = i % 2 == 0;
    CHECK(rows[i].entailed == entailed);
    premises[rows[i].premise] += entailed ? 1 : -1;
    hypotheses[rows[i].hypothesis] += entailed ? 1 : -1;
    REQUIRE(rows[i].premise.starts_with("a kind "));
    CHECK(rows[i].premise == "a kind " + rows[i].group + " is one of the many kinds");
    const bool animal = std::stoi(rows[i].group) % 2 == 0;
    CHECK(rows[i].hypothesis == (animal == entailed ? "it is a animal" : "it is a plant"));
  }
  CHECK(rows.size() >= 20);  // those whose drawn class was "entity" are left out, and the surplus of one kingdom
  CHECK(rows.size() < 80);
  for (const auto& [premise, balance] : premises) CHECK(balance == 0);
  for (const auto& [hypothesis, balance] : hypotheses) CHECK(balance == 0);
  CHECK(hypotheses.size() == 2);
}

TEST_CASE("wordnet NLI: parts keep to themselves, seeds repeat") {
  const auto part_of = [](std::string_view group) { return group.size() == 1 ? 1 : 0; };  // kinds 0..9, and the rest
  const auto rows = wordnet_nli(two_kingdoms(), part_of, 2);
  std::map<std::pair<int, std::string>, int> balance;
  for (const auto& row : rows) balance[{part_of(row.group), row.hypothesis}] += row.entailed ? 1 : -1;
  for (const auto& [key, difference] : balance) CHECK(difference == 0);

  const auto again = wordnet_nli(two_kingdoms(), part_of, 2);
  REQUIRE(again.size() == rows.size());
  bool same = true;
  for (size_t i = 0; i < rows.size(); ++i)
    same = same && rows[i].premise == again[i].premise && rows[i].hypothesis == again[i].hypothesis;
  CHECK(same);
}
