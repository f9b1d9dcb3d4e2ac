// SPDX-License-Identifier: Apache-2.0
// How examples look: marks, quotes, lines.
#include "examples/thaw/shown_examples.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace thaw;

namespace {

const ShownExample words{
    .where = "a.conll:3",
    .tokens = {{"[CLS]"}, {"Debian", true, "B-ORG"}, {"##s", false}, {"made", true, "O"}, {"[SEP]"}},
    .cut = 1};

}  // namespace

TEST_CASE("shown examples: tokens with their labels, a star where the loss is, what was cut") {
  CHECK(shown_text(words, {}) ==
        "a.conll:3: 5 tokens\n"
        "  [CLS] *Debian->B-ORG ##s *made->O [SEP]\n"
        "  and 1 token that did not fit\n");
  CHECK(shown_text({.where = "a.tsv:2", .tokens = {{"[CLS]"}}, .truth = "two words"}, {}) ==
        "a.tsv:2: 1 token, label two words\n  [CLS]\n");
  CHECK(shown_text({.where = "a.tsv:2", .tokens = {}, .truth = "blank "}, {}) ==
        "a.tsv:2: 0 tokens, label \"blank \"\n");
  CHECK(shown_text({.where = "a.tsv:2, a.png", .text = "a picture", .tokens = {}, .truth = "cat"}, {}) ==
        "a.tsv:2, a.png: a picture, label cat\n");
}

TEST_CASE("shown examples: colour takes the place of the star") {
  const std::string text = shown_text(words, {.color = true});
  CHECK(text.find("##s \x1b[1;36mmade->O\x1b[0m [SEP]") != std::string::npos);
  CHECK(text.find('*') == std::string::npos);
  CHECK(marks_text({.color = true}).find("in colour") == 0);
}

TEST_CASE("shown examples: what shows nothing, or is like a mark, is in quotes") {
  ShownExample odd{.where = "f:1", .tokens = {}};
  for (const char* token : {"*", "**", "\"", "a->b", "a b", "\xe2\x80\xae", "\x1b[31m", "\xc3", "", "\xc3\xa9"})
    odd.tokens.push_back({token});
  CHECK(shown_text(odd, {}) ==
        "f:1: 10 tokens\n  * \"**\" \" \"a->b\" \"a b\" \"\\u202e\" \"\\u001b[31m\" \"\\xc3\" \"\" \xc3\xa9\n");
}

TEST_CASE("shown examples: no line is longer than the terminal, colour not counted, unless one token is") {
  ShownExample longer{.where = "f:1", .tokens = {}};
  for (int i = 0; i < 50; ++i) longer.tokens.push_back({"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", i % 2 == 0});
  longer.tokens.push_back({std::string(40, 'x')});
  std::istringstream lines(shown_text(longer, {.width = 22}));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  CHECK(line ==
        "  *\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 *\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
  std::string last;
  int count = 1;
  for (; std::getline(lines, line); ++count) last = line;
  CHECK(last == "  " + std::string(40, 'x'));
  CHECK(count == 18);
  std::istringstream colored(shown_text(longer, {.width = 22, .color = true}));
  for (count = -1; std::getline(colored, line);) ++count;
  CHECK(count == 14);  // four a line
}
