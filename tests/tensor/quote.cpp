// SPDX-License-Identifier: Apache-2.0
// Quotes: nothing in them that a terminal obeys or hides, and never long.
#include "tensor/quote.h"

#include <doctest/doctest.h>

using namespace thaw;

TEST_CASE("quote: what is hidden is shown") {
  CHECK(quote("abc") == "\"abc\"");
  CHECK(quote("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(quote("a\nb\r\t\x1B[2J\x7F") == "\"a\\u000ab\\u000d\\u0009\\u001b[2J\\u007f\"");
  CHECK(quote("a\xC2\xA0"
              "b\xE2\x80\x8B\xE2\x80\xAE") == "\"a\\u00a0b\\u200b\\u202e\"");
  CHECK(quote("caf\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x98\x80") == "\"caf\xC3\xA9 \xE4\xB8\xAD \xF0\x9F\x98\x80\"");
  CHECK(quote("\xC2\x85\xEF\xBB\xBF\xF3\xA0\x80\xA1") == "\"\\u0085\\ufeff\\U000e0021\"");
  CHECK(quote("\xFF"
              "a\xC3") == "\"\\xffa\\xc3\"");
  CHECK(quote_ascii("cafe\xCC\x81\xF0\x9F\x98\x80") == "\"cafe\\u0301\\U0001f600\"");
}

TEST_CASE("quote: long texts are cut at a character") {
  CHECK(quote(std::string(60, 'x')) == "\"" + std::string(60, 'x') + "\"");
  CHECK(quote(std::string(61, 'x')) == "\"" + std::string(60, 'x') + "...\"");
  CHECK(quote(std::string(1000, '\n')).size() <= quote_limit + 5);
  CHECK(quote(std::string(59, 'x') + "\xC3\xA9") == "\"" + std::string(59, 'x') + "...\"");
  CHECK(quote("abcd", 3) == "\"abc...\"");
}

TEST_CASE("quote: names in lists") {
  CHECK(quote_if_odd("plain name") == "plain name");
  CHECK(quote_if_odd("") == "\"\"");
  CHECK(quote_if_odd("a ") == "\"a \"");
  CHECK(quote_if_odd("a\rb") == "\"a\\u000db\"");
  CHECK(listed({"a", "b ", "c"}) == "a, \"b \", c");
  CHECK(listed({}).empty());
  CHECK(listed(std::vector<std::string>(25, "x")).ends_with("x, x and 5 more"));
  CHECK(listed(std::vector<std::string>(25, std::string(1000, 'x'))).size() < 500);
}

TEST_CASE("quote: whole messages keep to one line") {
  CHECK(one_line("a\nb") == "a b");
  CHECK(one_line("caf\xC3\xA9\xC2\xA0: \x1B[31mred\r") == "caf\xC3\xA9\xC2\xA0: \\u001b[31mred\\u000d");
  CHECK(one_line("\xFF") == "\\xff");
}
