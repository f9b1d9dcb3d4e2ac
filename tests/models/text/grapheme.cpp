// SPDX-License-Identifier: Apache-2.0
// Grapheme clusters, and bytes in base64.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/base64.h"
#include "models/text/grapheme.h"

using namespace thaw;

namespace {

std::vector<std::string> clusters(std::string_view text) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size(); at += out.back().size())
    out.emplace_back(text.substr(at, grapheme_size(text, at)));
  return out;
}

using Clusters = std::vector<std::string>;

}  // namespace

TEST_CASE("graphemes: a cluster is what a reader takes for one character") {
  CHECK(clusters("ab").size() == 2);
  CHECK(clusters("a\r\nb\n\r") == Clusters{"a", "\r\n", "b", "\n", "\r"});
  CHECK(clusters("e\u0301\u0308x\u0301") == Clusters{"e\u0301\u0308", "x\u0301"});
  CHECK(clusters("\n\u0301") == Clusters{"\n", "\u0301"});
  CHECK(clusters("\u1100\u1161\u11A8\u1100\uAC00\u11A8\uAC01\u1161") ==
        Clusters{"\u1100\u1161\u11A8", "\u1100\uAC00\u11A8", "\uAC01", "\u1161"});
  CHECK(clusters("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7\U0001F1EB") ==
        Clusters{"\U0001F1E9\U0001F1EA", "\U0001F1EB\U0001F1F7", "\U0001F1EB"});
  CHECK(clusters("\U0001F468\u200D\U0001F469\U0001F44D\U0001F3FDx\u200D\U0001F44D") ==
        Clusters{"\U0001F468\u200D\U0001F469", "\U0001F44D\U0001F3FD", "x\u200D", "\U0001F44D"});
  CHECK(clusters("\u0915\u094D\u0937\u093E\u0915\u0937") == Clusters{"\u0915\u094D\u0937\u093E", "\u0915", "\u0937"});
  CHECK(clusters("\u0600a\u200Bb") == Clusters{"\u0600a", "\u200B", "b"});
}

TEST_CASE("base64: there and back, and nothing but what was made so") {
  for (const std::string_view bytes : {"", "a", "ab", "abc", "\xFF\xFE\xFD\xFC"})
    CHECK(decode_base64(base64(bytes)) == std::string(bytes));
  CHECK(base64("ab") == "YWI=");
  for (const char* bad : {"YWI", "YWJ=", "Y===", "====", "YW I", "YWI=YWI=", "YWI\n"})
    CHECK_FALSE(decode_base64(bad).has_value());
}
