// SPDX-License-Identifier: Apache-2.0
// Names that a reader would take for one.
#include "models/data/look_alikes.h"

#include <doctest/doctest.h>

using namespace thaw;

TEST_CASE("look-alikes: what they differ by") {
  struct Case {
    const char *a, *b, *difference, *quoted;
  };
  const Case cases[] = {
      {"pos", "pos ", "by blanks only", "\"pos\" and \"pos \""},
      {"very good", "very\xC2\xA0good", "by blanks only", "\"very good\" and \"very\\u00a0good\""},
      {"pos", "pos\xE2\x80\x8B", "by characters that show nothing only", "\"pos\" and \"pos\\u200b\""},
      {"pos", "\xEF\xBB\xBFpos", "by characters that show nothing only", "\"pos\" and \"\\ufeffpos\""},
      {"caf\xC3\xA9", "cafe\xCC\x81", "in how Unicode composes their accents only",
       "\"caf\\u00e9\" and \"cafe\\u0301\""},
      {"Pos", "pos", "by upper and lower case only", "\"Pos\" and \"pos\""},
      {"1", "1.0", "in how a number is written only", "\"1\" and \"1.0\""},
      {"Pos ", "pos", "by blanks, case, or forms of the same characters only", "\"Pos \" and \"pos\""},
      {"\xEF\xBD\x90\xEF\xBD\x8F\xEF\xBD\x93", "pos", "by blanks, case, or forms of the same characters only",
       "\"\xEF\xBD\x90\xEF\xBD\x8F\xEF\xBD\x93\" and \"pos\""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.quoted);
    const auto found = look_alikes({"other", c.a, c.b});
    REQUIRE(found.size() == 1);
    CHECK(found[0].first == 1);
    CHECK(found[0].second == 2);
    CHECK(found[0].difference == c.difference);
    CHECK(quoted_pair(c.a, c.b) == c.quoted);
  }
}

TEST_CASE("look-alikes: names that differ") {
  CHECK(look_alikes({"a b", "ab", "a-b", "1", "10", "1.5", "", "neg", "caf\xC3\xA9", "cafe"}).empty());
  CHECK(look_alikes({"a", "A", " a"}).size() == 2);
  CHECK(look_alike_among("Neg", {"pos", "neg"}) == "\"neg\" differs by upper and lower case only");
  CHECK(look_alike_among("neu", {"pos", "neg"}).empty());
}

TEST_CASE("look-alikes: what shows nothing") {
  for (const char* name : {" a", "a ",
                           "\xC2\xA0"
                           "a",
                           "a\xE2\x80\x8B"
                           "b",
                           "a\t", " ", "a\x01",
                           "\xE2\x80\xAE"
                           "a"}) {
    CAPTURE(name);
    CHECK(has_unseen(name));
  }
  // Within words and emoji the joiners are meant.
  for (const char* name :
       {"a", "", "a b", "\xE2\x9D\xA4\xEF\xB8\x8F", "\xE2\x98\xA0\xE2\x80\x8D\xE2\x99\x82", "caf\xC3\xA9"}) {
    CAPTURE(name);
    CHECK_FALSE(has_unseen(name));
  }
}
