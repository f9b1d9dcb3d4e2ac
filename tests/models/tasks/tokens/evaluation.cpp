// SPDX-License-Identifier: Apache-2.0
// Scores of chosen sentences, of words without a label, and of labels that name no entity.
#include "models/tasks/tokens/evaluation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace thaw;

namespace {

const std::vector<std::string> entity_labels{"B-LOC", "B-PER", "I-PER", "O"};

}  // namespace

TEST_CASE("tokens evaluation: entities are counted over the sentences chosen, one of them perhaps twice") {
  // Ada Lovelace in Paris: the place is missed. Rome: right. A person where there is none.
  const TokensEvaluation evaluation(entity_labels, {{{1, 2, 3, 0}, {1, 2, 3, 3}}, {{0}, {0}}, {{3, 3}, {1, 3}}}, 0.5);
  CHECK(evaluation.size() == 3);
  const Metrics all = evaluation.metrics();
  CHECK(all.at("loss") == 0.5);
  CHECK(all.at("precision") == doctest::Approx(2.0 / 3));
  CHECK(all.at("recall") == doctest::Approx(2.0 / 3));
  CHECK(all.at("f1") == doctest::Approx(2.0 / 3));
  CHECK(all.at("accuracy") == doctest::Approx(5.0 / 7));
  CHECK(all.at("macro_f1") == doctest::Approx(2.0 / 3));  // LOC: 1 of 2 found; PER: 2 said, 1 right
  const std::vector<int64_t> first{0}, twice{1, 1, 0};
  CHECK(evaluation.scores(first).at("recall") == doctest::Approx(0.5));
  CHECK(evaluation.scores(twice).at("recall") == doctest::Approx(3.0 / 4));
  std::vector<std::string> names;
  for (const auto& [name, value] : all) names.push_back(name);
  CHECK(names == tokens_metric_names());
  const auto types = evaluation.classes();
  REQUIRE(types.size() == 2);
  CHECK(types[0].name == "LOC");
  CHECK(types[0].scores.recall == 0.5);
  CHECK(types[0].scores.support == 2);
  CHECK(types[1].name == "PER");
  CHECK(types[1].scores.precision == 0.5);
  CHECK(types[1].scores.f1 == doctest::Approx(2.0 / 3));
  CHECK(evaluation.judgement(0).truth == "B-PER I-PER O B-LOC");
  CHECK(evaluation.judgement(0).said == "B-PER I-PER O O");
}

TEST_CASE("tokens evaluation: a word that got no label counts as O: an entity there is missed") {
  const TokensEvaluation evaluation(entity_labels, {{{1, 3}, {-1, -1}}}, 0);
  CHECK(evaluation.metrics().at("recall") == 0);
  CHECK(evaluation.metrics().at("accuracy") == 0.5);
  CHECK(evaluation.judgement(0).said == "O O");
}

TEST_CASE("tokens evaluation: parts of speech have a macro F1 over labels, and runs of one label for entities") {
  // Labels that only look like a beginning, as "INTJ" does.
  const TokensEvaluation evaluation({"INTJ", "NOUN", "VERB"}, {{{1, 1, 2}, {1, 1, 1}}, {{0, 2}, {0, -1}}}, 0);
  const Metrics all = evaluation.metrics();
  CHECK(all.at("accuracy") == doctest::Approx(3.0 / 5));
  // INTJ 1; NOUN 2 right of 3 said: 0.8; VERB 0. What got no label is no label of the mean.
  CHECK(all.at("macro_f1") == doctest::Approx(1.8 / 3));
  const auto labels = evaluation.classes();
  REQUIRE(labels.size() == 3);
  CHECK(labels[1].name == "NOUN");
  CHECK(labels[1].scores.f1 == doctest::Approx(0.8));
  CHECK(labels[2].scores.support == 2);
  // NOUN NOUN is one run; said is a run of three.
  CHECK(all.at("precision") == doctest::Approx(1.0 / 2));
  CHECK(all.at("recall") == doctest::Approx(1.0 / 4));
  // Labels of one character, a point among them, are types like others.
  const Metrics short_labels = TokensEvaluation({"X", "Y", "."}, {{{0, 1, 2}, {0, 1, 0}}, {{1}, {1}}}, 0).metrics();
  CHECK(short_labels.at("precision") == doctest::Approx(3.0 / 4));
  CHECK(short_labels.at("recall") == doctest::Approx(3.0 / 4));
}

TEST_CASE("tokens evaluation: numbers that are not finite give no scores") {
  const TokensEvaluation evaluation(entity_labels, {{{1}, {1}, 0, true}, {{1}, {1}, 1, false}}, 0);
  const std::vector<int64_t> sound{0}, both{0, 1};
  CHECK(evaluation.scores(sound).at("f1") == 1);
  for (const auto& [name, value] : evaluation.scores(both)) CHECK(std::isnan(value));
  CHECK(evaluation.classes().empty());
}
