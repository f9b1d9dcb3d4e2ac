// SPDX-License-Identifier: Apache-2.0
// From descriptions to tagged words.
#include "examples/data/debian_entities.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "examples/data/bio_tags.h"
#include "examples/data/description_words.h"
#include "examples/data/package_names.h"
#include "models/metrics/entities.h"

using namespace thaw;

namespace {

using Words = std::vector<std::string>;

DebianPackage described(const std::string& name, const std::string& synopsis, const std::string& description,
                        const Words& related = {}) {
  DebianPackage package;
  package.name = package.source = name;
  package.section = "utils";
  package.synopsis = synopsis;
  package.description = description;
  package.related = related;
  return package;
}

Split by_first_letter(std::string_view group) {
  return group[0] == 't' || group[0] == 'j' ? Split::test : Split::train;
}

std::string marked(const EntityRow& row) {
  std::string text;
  for (const auto& entity : entities_of(row.tags)) {
    text += (text.empty() ? "" : "|") + entity.type;
    for (const auto& word : words_of_entity(row.tokens, entity)) text += ' ' + word;
  }
  return text;
}

}  // namespace

TEST_CASE("description words: marks apart, but not those inside; no-break spaces separate") {
  CHECK(words_and_marks("(see gcc-12's, \"node.js\").") ==
        Words{"(", "see", "gcc-12", "'s", ",", "\"", "node.js", "\"", ")", "."});
  CHECK(words_and_marks("package(s) for C++ * <http://a.b/>...") ==
        Words{"package(s)", "for", "C++", "*", "<", "http://a.b/", ">", ".", ".", "."});
  CHECK(words_and_marks(" \n").empty());
  CHECK(in_small_letters("\u00C9tat GNU-2") == "\u00C9tat gnu-2");
  CHECK(first_words("a\u00A0b\n c d", 3) == "a b c");
}

TEST_CASE("package names: meant where sources that relate to a package have its name") {
  const std::vector<DebianPackage> packages = {described("git", "", ""), described("tig", "", "", {"git"}),
                                               described("time", "", ""), described("libx2", "", ""),
                                               described("x", "", "")};
  std::vector<Passage> passages = {{"tig", "reads Git repositories"},
                                   {"other", "git"},
                                   {"x", "git for x"},
                                   {"time", "takes the time"},
                                   {"tig", "x 11"}};
  for (int i = 0; i < 3; ++i) passages.push_back({"s" + std::to_string(i), "no time for libx2"});
  const PackageNames names(packages, passages);
  REQUIRE(names.source_of("git"));  // 1 of 3
  CHECK(*names.source_of("GIT") == "git");
  CHECK_FALSE(names.source_of("time"));  // 1 of 4
  CHECK(names.source_of("libx2"));       // 0 of 3, but with a digit
  CHECK_FALSE(names.source_of("x"));
  CHECK_FALSE(names.source_of("tig"));  // nobody has the word
  for (int i = 3; i < 6; ++i) passages.push_back({"s" + std::to_string(i), "libx2"});
  CHECK_FALSE(PackageNames(packages, passages).source_of("libx2"));  // 0 of 6
}

TEST_CASE("debian entities: which passages, which tags") {
  auto crate = described("crate", "Rust code for libx2", "in Python");
  crate.section = "rust";
  const auto rows = debian_entities(
      {
          described("abook", "an address book for libx2",
                    "Written in C.\nUnder the GNU GPL, mostly by hand.\n"
                    "Or the MIT license: as you like."),
          described("libx2", "the library of all", "Nothing more."),
          described("ace", "cards for one in Python", "With the help of libx2."),
          crate,
          described("plain", "has nothing that is marked", "At all, in fact."),
      },
      by_first_letter);
  REQUIRE(rows.size() == 4);
  CHECK(marked(rows[0]) == "PACKAGE libx2|LANGUAGE C");
  CHECK(rows[0].source == "abook");
  CHECK(rows[0].tokens == Words{"an", "address", "book", "for", "libx2", ".", "Written", "in", "C", "."});
  CHECK(marked(rows[1]) == "LICENCE GNU GPL");
  CHECK(marked(rows[2]) == "LICENCE MIT license");
  CHECK(marked(rows[3]) == "LANGUAGE Python|PACKAGE libx2");
  CHECK(rows[3].tags.size() == rows[3].tokens.size());
}

TEST_CASE("debian entities: one in four of the passages with languages alone") {
  std::vector<DebianPackage> packages;
  for (int i = 0; i < 400; ++i)
    packages.push_back(described("a" + std::to_string(i), "number " + std::to_string(i) + " written in Python", ""));
  const auto rows = debian_entities(packages, by_first_letter);
  CHECK(rows.size() > 60);
  CHECK(rows.size() < 140);
}

TEST_CASE("debian entities: names of the test part are in rows of that part only") {
  const auto rows = debian_entities(
      {
          described("ace", "cards, found by tig-2 and libx2", ""),
          described("bee", "another program that needs libx2", ""),
          described("cat", "licence and language: GPL, in Java", ""),
          described("libx2", "a library", ""),
          described("tig-2", "a library for libx2 and Java", ""),
      },
      by_first_letter);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].source == "bee");
  CHECK(rows[1].source == "tig-2");
  CHECK(marked(rows[1]) == "PACKAGE libx2|LANGUAGE Java");
}
