// SPDX-License-Identifier: Apache-2.0
// Reading a pronouncing dictionary.
#include "examples/data/pronunciations.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("pronunciations: words in the order of the file, each with all its pronunciations") {
  const ScratchFolder folder;
  const auto words = read_pronunciations(
      folder.write("words.dict", "'em AH M\na AH\nab A  B\na(2) EY\n\nsmile:(r) S M\na(3) AA\n(2) T UW"));
  REQUIRE(words.size() == 5);
  CHECK(words[0].word == "'em");
  CHECK(words[0].pronunciations == std::vector<std::string>{"AH M"});
  CHECK(words[1].word == "a");
  CHECK(words[1].pronunciations == std::vector<std::string>{"AH", "EY", "AA"});
  CHECK(words[2].pronunciations == std::vector<std::string>{"A B"});
  CHECK(words[3].word == "smile:(r)");
  CHECK(words[4].word == "(2)");
}

TEST_CASE("pronunciations: lines that are none") {
  const ScratchFolder folder;
  const auto error = [&](const char* lines) {
    return error_of<std::runtime_error>([&] { read_pronunciations(folder.write("words.dict", lines)); });
  };
  CHECK(error("a AH\nab \n").ends_with("words.dict:2: \"ab\" has no phones"));
  CHECK(error("a AH\nab(2) A B\n").ends_with("words.dict:2: ab is not there before \"ab(2)\""));
  CHECK(error_of<std::runtime_error>([&] {
          read_pronunciations(folder.path() / "none");
        }).ends_with("none: cannot be read"));
}

TEST_CASE("pronunciations: words are spelt letter by letter") {
  CHECK(spelt("rom's") == "r o m ' s");
  CHECK(spelt("a") == "a");
  CHECK(spelt("").empty());
}
