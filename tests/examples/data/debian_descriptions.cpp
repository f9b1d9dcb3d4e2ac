// SPDX-License-Identifier: Apache-2.0
// The corpus of descriptions: a text a source, a paragraph once.
#include "examples/data/debian_descriptions.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace thaw;

TEST_CASE("debian descriptions: a text a source, paragraphs that are there again left out") {
  const auto package = [](const char* name, const char* source, const char* synopsis, const char* description) {
    DebianPackage one;
    one.name = name;
    one.source = source;
    one.synopsis = synopsis;
    one.description = description;
    return one;
  };
  const std::vector<DescriptionText> texts = debian_descriptions({
      package("a", "a", "one tool", "It is a tool.\nPart of a set."),
      package("a-doc", "a", "one manual", "It is a manual."),
      package("b", "b", "two tools", "They are tools.\nPart of a set."),
      package("c", "c", "two tools", "Part of a set."),
      package("d", "d", "one tool", "Something else."),
  });
  REQUIRE(texts.size() == 3);
  CHECK(texts[0].source == "a");
  CHECK(texts[0].text == "one tool\nIt is a tool.\nPart of a set.");
  CHECK(texts[1].text == "two tools\nThey are tools.");
  CHECK(texts[2].source == "d");
  CHECK(texts[2].text == "Something else.");
}
