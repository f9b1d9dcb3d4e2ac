// SPDX-License-Identifier: Apache-2.0
// Questions made from the fields of packages.
#include "examples/data/debian_questions.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "examples/data/question_wordings.h"

using namespace thaw;

namespace {

std::vector<DebianPackage> made_packages(int count) {
  std::vector<DebianPackage> packages;
  for (int i = 0; i < count; ++i) {
    DebianPackage package;
    package.name = fmt::format("item{:03}", i);
    package.source = fmt::format("origin{:03}", i);
    package.section = i % 10 == 0 ? "rust" : "utils";
    package.synopsis = fmt::format("tool of the number {:03}", i);
    package.description = fmt::format("The words about {:03}. And more.", i);
    package.version = fmt::format("1.{:03}-1", i);
    package.homepage = fmt::format("https://{:03}.example.org/", i);
    package.maintainer = fmt::format("\u00C9ve {:03}", i);
    package.installed_size = fmt::format("7{:03}", i);
    package.depends = {"libc6", fmt::format("need{:03}", i), "b", "c"};
    packages.push_back(package);
  }
  return packages;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The number that all names and fields of a made package have: the first three digits in a row that are not a version's
// or a size's first.
std::string number_in(const std::string& text) {
  const auto digit = [&](size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (size_t i = 0; i < text.size(); ++i) {
    if (!digit(i) || !digit(i + 1) || !digit(i + 2)) continue;
    return digit(i + 3) ? text.substr(i + 1, 3) : text.substr(i, 3);
  }
  return "";
}

}  // namespace

TEST_CASE("question wordings: each has its place, and none is there twice") {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < relation_count; ++i) {
    const auto& [sentences, questions, which_questions] = wordings(static_cast<Relation>(i));
    CHECK(sentences.size() >= 5);
    CHECK(questions.size() >= 12);
    CHECK(which_questions.size() >= 6);
    for (const auto text : sentences) {
      CHECK(holds(std::string(text), "{value}"));
      CHECK((holds(std::string(text), "{who}") || holds(std::string(text), "{whose}")));
      CHECK(text.ends_with('.'));
      CHECK(seen.insert(text).second);
    }
    for (const auto text : questions) {
      CHECK(holds(std::string(text), "{package}"));
      CHECK(text.ends_with('?'));
      CHECK(seen.insert(text).second);
    }
    for (const auto text : which_questions) {
      CHECK(holds(std::string(text), "{value}"));
      CHECK(text.ends_with('?'));
      CHECK(seen.insert(text).second);
    }
  }
  CHECK(filled("{a} {a}b", "{a}", "x{a}") == "x{a} x{a}b");
}

TEST_CASE("debian questions: answers are true, unanswered ones are not told, packages are in one text only") {
  const auto packages = made_packages(700);
  const auto texts = debian_questions(packages, {120, "set", 2, false, 3});
  REQUIRE(texts.size() == 120);
  size_t unanswered = 0, about_others = 0, which = 0, longer = 0, described = 0;
  std::set<std::string> titles;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto& [title, context, questions] = texts[i];
    CHECK(titles.insert(title).second);
    CHECK_FALSE(title.ends_with("0"));  // the section rust
    CHECK(number_in(title).size() == 3);
    CHECK_FALSE(holds(context, "{"));
    longer += context.size() > 800;
    described += holds(context, "The words about ");
    REQUIRE(questions.size() == 5);
    for (size_t k = 0; k < 5; ++k) {
      const auto& [id, text, answer, start] = questions[k];
      CHECK(id == fmt::format("set.{}.{}", i, k));
      CHECK_FALSE(holds(text, "{"));
      const bool asks_which = !holds(text, "item");
      const auto number = number_in(text);
      if (answer.empty()) {
        ++unanswered;
        const auto told = holds(context, "item" + number);
        about_others += told ? 0 : 1;
        continue;
      }
      CHECK(context.compare(start, answer.size(), answer) == 0);
      if (answer == "utils") continue;
      which += asks_which;
      CHECK(holds(answer, "item") == asks_which);
      const std::string asked = text + " " + answer;
      CHECK_MESSAGE(number_in(answer) == number, asked);
    }
  }
  CHECK(unanswered > 150);  // of 600
  CHECK(unanswered < 250);
  CHECK(about_others > 50);
  CHECK(unanswered - about_others > 50);
  CHECK(which > 50);
  CHECK(longer > 0);
  CHECK(longer < 20);
  CHECK(described > 30);
  CHECK(described < 110);
}

TEST_CASE("debian questions: wordings held out are asked where all are; seeds repeat; packages are used up") {
  const auto packages = made_packages(600);
  std::set<std::string_view> last;  // two questions of each relation
  for (size_t i = 0; i < relation_count; ++i) {
    for (const auto text : wordings(static_cast<Relation>(i)).questions.last(2)) last.insert(text);
  }
  const auto held_out = [&](const std::vector<QuestionedText>& texts) {
    size_t count = 0;
    for (const auto& text : texts) {
      for (const auto& question : text.questions)
        count += last.count(filled(question.text, "item" + number_in(question.text), "{package}"));
    }
    return count;
  };
  const auto texts = debian_questions(packages, {100, "a", 2, false, 1});
  CHECK(held_out(texts) == 0);
  CHECK(held_out(debian_questions(packages, {100, "a", 2, true, 1})) > 20);

  const auto again = debian_questions(packages, {100, "a", 2, false, 1});
  const auto other = debian_questions(packages, {100, "a", 2, false, 2});
  bool same = true, same_as_other = true;
  for (size_t i = 0; i < texts.size(); ++i) {
    same = same && again[i].context == texts[i].context && again[i].questions[2].text == texts[i].questions[2].text;
    same_as_other = same_as_other && other[i].context == texts[i].context;
  }
  CHECK(same);
  CHECK_FALSE(same_as_other);
  CHECK(debian_questions(packages, {1000, "a", 2, false, 1}).size() < 300);
}
