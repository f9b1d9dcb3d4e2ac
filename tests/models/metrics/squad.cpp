// SPDX-License-Identifier: Apache-2.0
// Answers and their scores against SQuAD's own scripts.
#include "models/metrics/squad.h"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <optional>
#include <string>
#include <vector>

#include "models/metrics/answer_text.h"
#include "tests/models/metrics/made_cases.h"

using namespace thaw;

namespace {

doctest::Approx near(double value) { return doctest::Approx(value).epsilon(1e-12); }

void check_totals(const SquadTotals& totals, const Json& expected, const std::string& prefix) {
  CHECK(totals.exact == near(expected.get_number(prefix + "exact")));
  CHECK(totals.f1 == near(expected.get_number(prefix + "f1")));
  CHECK(totals.questions == expected.get_int(prefix + "total"));
}

}  // namespace

TEST_CASE("squad: exact matches and F1 of answers") {
  const size_t count = for_each_case("squad_answers.jsonl", [](const Json& expected) {
    const std::string predicted = expected.get_string("predicted");
    INFO(predicted);
    CHECK(fmt::format("{}", fmt::join(answer_words(predicted), " ")) == expected.get_string("normalized"));
    const std::vector<std::string> answers = expected.get_strings("answers");
    const AnswerScores scores = score_answer(predicted, answers);
    CHECK(scores.exact == expected.get_number("exact"));
    CHECK(scores.f1 == near(expected.get_number("f1")));
    if (!expected.contains("f1_v1")) return;
    const AnswerScores v1 = score_answer(predicted, answers, SquadRules::v1);
    CHECK(v1.exact == expected.get_number("exact_v1"));
    CHECK(v1.f1 == near(expected.get_number("f1_v1")));
  });
  CHECK(count >= 50);
}

TEST_CASE("squad: words in common") {
  const auto f1 = [](const char* predicted, const char* answer) { return score_answer(predicted, {answer}).f1; };
  CHECK(answer_words("The U.S.A., an  \"Old\" a-b") == std::vector<std::string>{"usa", "old", "ab"});
  CHECK(score_answer("the Cat.", {"cat"}).exact == 1);
  CHECK(score_answer("cats", {"cat"}).exact == 0);
  CHECK(f1("a big black cat", "the black cat sat") == near(2.0 * 2 / 6));
  CHECK(f1("no no no", "no no yes") == near(2.0 * 2 / 3 / 2));
  CHECK(f1("", "") == 1);
  CHECK(f1("", "cat") == 0);
  CHECK(f1("the", "") == 1);
}

TEST_CASE("squad: totals and the best thresholds") {
  const size_t count = for_each_case("squad_reports.jsonl", [](const Json& expected) {
    std::vector<AnsweredQuestion> questions;
    for (const Json& each : expected.get_array("questions").items()) {
      const std::vector<std::string> answers = each.get_strings("answers");
      const std::string predicted = each.get_string("predicted");
      questions.push_back(
          {score_answer(predicted, answers), !answers.empty(), predicted.empty(), each.get_number("no_answer_score")});
    }
    std::optional<double> threshold;
    if (!expected.at("threshold").is_null()) threshold = expected.get_number("threshold");
    const SquadReport report = squad_report(questions, threshold);
    const Json& evaluation = expected.get_object("evaluation");
    check_totals(report.all, evaluation, "");
    REQUIRE(report.with_answer.has_value() == evaluation.contains("HasAns_total"));
    if (report.with_answer) check_totals(*report.with_answer, evaluation, "HasAns_");
    REQUIRE(report.without_answer.has_value() == evaluation.contains("NoAns_total"));
    if (report.without_answer) check_totals(*report.without_answer, evaluation, "NoAns_");
    const AnswerThreshold exact = best_threshold(questions, AnswerMetric::exact);
    CHECK(exact.score == near(evaluation.get_number("best_exact")));
    CHECK(exact.threshold == evaluation.get_number("best_exact_thresh"));
    const AnswerThreshold f1 = best_threshold(questions, AnswerMetric::f1);
    CHECK(f1.score == near(evaluation.get_number("best_f1")));
    CHECK(f1.threshold == evaluation.get_number("best_f1_thresh"));
  });
  CHECK(count >= 10);
}

TEST_CASE("squad: nothing is counted of nothing") {
  CHECK(squad_report({}).all.questions == 0);
  CHECK(squad_report({}).all.f1 == 0);
  CHECK(!squad_report({}).with_answer);
  CHECK(best_threshold({}, AnswerMetric::f1).score == 0);
}
