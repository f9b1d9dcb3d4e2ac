// SPDX-License-Identifier: Apache-2.0
// Targets that are labels: found, and counted.
#include "models/tasks/text2text/label_words.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/tasks/text2text/evaluation.h"

using namespace thaw;

namespace {

std::vector<std::string> found(int words, int times) {
  LabelWordSearch search;
  for (int i = 0; i < words * times; ++i) search.add("label " + std::to_string(i % words));
  return search.words();
}

}  // namespace

TEST_CASE("label words: few targets that come again and again are labels, others are not") {
  CHECK(found(2, 10) == std::vector<std::string>{"label 0", "label 1"});
  CHECK(found(100, 10).size() == 100);
  CHECK(found(101, 20).empty());
  CHECK(found(3, 9).empty());
  CHECK(found(1, 50).empty());
  CHECK(found(0, 0).empty());
  const std::vector<std::string> words{"a b", "c"};
  CHECK(label_words_of(label_word_lines(words)) == words);
  CHECK(label_words_of("").empty());
}

TEST_CASE("label words: accuracy and texts that are no label, where targets are labels alone") {
  const std::vector<Text2TextEvaluation::Text> texts{
      {"yes", {"yes"}, {1, 1}}, {"no", {"yes"}, {1, 1}}, {" no ", {"no"}, {1, 1}}, {"nope", {"no"}, {1, 1}}};
  const std::vector<std::string> labels{"yes", "no"};
  const Text2TextEvaluation with(texts, labels), without(texts);
  const Metrics metrics = with.metrics();
  CHECK(metrics.at("accuracy") == 0.5);
  CHECK(metrics.at("no_label_error") == 0.25);
  std::vector<std::string> names;
  for (const auto& [name, number] : metrics)
    if (name != "copied_words") names.push_back(name);  // which is no quality
  CHECK(names == text2text_metric_names(true));
  CHECK_FALSE(without.metrics().contains("accuracy"));
}

TEST_CASE("copied words: the share of what was written that is in the source, of all texts together") {
  const std::vector<Text2TextEvaluation::Text> texts{{"A cat, sat!", {"x"}, {1, 1}, "the CAT sat on a mat"},
                                                     {"dogs", {"x"}, {1, 1}, "dog"},
                                                     {"", {"x"}, {1, 1}, "dog"}};
  CHECK(Text2TextEvaluation(texts).metrics().at("copied_words") == 0.75);
  CHECK(copied_words("", "dog").rate() == 0);
}
