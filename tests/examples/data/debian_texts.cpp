// SPDX-License-Identifier: Apache-2.0
// From package lists to texts for texts.
#include "examples/data/debian_texts.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

DebianPackage described(const std::string& source, const std::string& synopsis, const std::string& description,
                        const std::string& md5 = "") {
  DebianPackage package;
  package.name = package.source = source;
  package.synopsis = synopsis;
  package.description = description;
  package.description_md5 = md5;
  return package;
}

}  // namespace

TEST_CASE("debian summaries: the first paragraph of a source's first package, if it tells enough") {
  std::string long_text;
  for (int i = 0; i < 100; ++i) long_text += "w" + std::to_string(i) + " ";
  const auto pairs = debian_summaries({described("a", "short", "It has 8 words in this one paragraph.\nMore."),
                                       described("a", "other", "It has 8 words in this one paragraph."),
                                       described("b", "too short", "This one has seven of them alone."),
                                       described("c", "long", long_text), described("d", "nothing", ""),
                                       described("e", "again", "It has 8 words in this one paragraph.")});
  REQUIRE(pairs.size() == 2);
  CHECK(pairs[0].group == "a");
  CHECK(pairs[0].source == "It has 8 words in this one paragraph.");
  CHECK(pairs[0].target == "short");
  CHECK(pairs[1].source.ends_with(" w58 w59"));
}

TEST_CASE("debian translations: each synopsis once, none that is left as it was") {
  const ScratchFolder folder;
  folder.write("Translation-de",
               "Package: a\nDescription-md5: 0a\nDescription-de: ein Spiel\n Lang.\n\n"
               "Package: b\nDescription-md5: 0b\nDescription-de: noch ein Spiel\n\n"
               "Package: c\nDescription-md5: 0c\nDescription-de: Kernel\n");
  const auto pairs =
      debian_translations({described("a", "a game", "", "0a"), described("b", "a game", "", "0b"),
                           described("c", "Kernel", "", "0c"), described("d", "not translated", "", "0d")},
                          folder.path(), "de");
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].group == "a");
  CHECK(pairs[0].source == "a game");
  CHECK(pairs[0].target == "ein Spiel");
}

TEST_CASE("debian translations: what is no text, or of none of the packages, is told") {
  const ScratchFolder folder;
  folder.write("Translation-de", "Package: a\nDescription-md5: 0a\nDescription-de: \xff\n");
  CHECK_THROWS_WITH_AS(debian_translations({}, folder.path(), "de"), doctest::Contains("Translation-de:1: "),
                       std::runtime_error);
  folder.write("Translation-de", "Package: a\nDescription-md5: 0a\nDescription-de:\n");
  CHECK_THROWS_WITH_AS(debian_translations({described("a", "a game", "", "0a")}, folder.path(), "de"),
                       doctest::Contains("translates none"), std::runtime_error);
}

TEST_CASE("debian translations: a file of another language is told") {
  const ScratchFolder folder;
  folder.write("Translation-de", "Package: a\nDescription-md5: 0a\nDescription-fr: un jeu\n");
  CHECK_THROWS_WITH_AS(debian_translations({}, folder.path(), "de"), doctest::Contains("Translation-de:1"),
                       std::runtime_error);
  CHECK_THROWS_AS(debian_translations({}, folder.path(), "it"), std::runtime_error);
}
