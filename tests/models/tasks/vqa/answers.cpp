// SPDX-License-Identifier: Apache-2.0
// Answers of one person and of several: how far each is true.
#include "models/tasks/vqa/answers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "models/tasks/vqa/evaluation.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

const std::vector<std::string> names{"blue", "no", "red", "yes"};

Truth one(int32_t answer) { return {{answer, 1}}; }

}  // namespace

// VQA: of each nine of ten people, min(those who gave the answer / 3, 1); the mean over who is left out.
TEST_CASE("answers: how far one is true that so many people gave is VQA's mean over nine of ten of them") {
  for (int people = 0; people <= 10; ++people) {
    CAPTURE(people);
    double sum = 0;
    for (int left_out = 0; left_out < 10; ++left_out)
      sum += std::min(1.0, (people - (left_out < people ? 1 : 0)) / 3.0);
    CHECK(vqa_score(people) == doctest::Approx(sum / 10));
  }
}

TEST_CASE("answers: a cell is one answer, or with a separator those of several people") {
  AnswerReader single{LabelSet(names), ""};
  CHECK(truth_text(single.truth("red", "f:2"), names) == "red");
  CHECK(error_of<std::runtime_error>([&] { single.truth("green", "f:3"); }) ==
        "f:3: unknown label \"green\" (known: blue, no, red, yes)");
  CHECK(error_of<std::runtime_error>([&] { single.truth("", "f:4"); }) == "f:4: the answer is empty");

  AnswerReader people{LabelSet(names), "|"};
  const Truth truth = people.truth("red|blue|red|green|red|blue", "f:2");
  CHECK(truth_text(truth, names) == "red (0.9)|blue (0.6)");
  CHECK(truth_of(truth, 0) == doctest::Approx(0.6));
  CHECK(truth_of(truth, 1) == 0);
  CHECK(people.unknown == 1);
  CHECK(people.rows_without == 0);
  CHECK(people.truth("green|grey", "f:3").empty());
  CHECK(people.unknown == 3);
  CHECK(people.rows_without == 1);
  CHECK(people.first == "\"green\" (f:2)");
  CHECK(truth_text(people.truth("yes|yes|yes|yes|yes|yes", "f:4"), names) == "yes");
  CHECK(truth_text(people.truth("no", "f:5"), names) == "no (0.3)");
  CHECK(error_of<std::runtime_error>([&] { people.truth("red||blue", "f:6"); }).starts_with("f:6: an empty label in "));

  const std::vector<const Truth*> truths{&truth, &truth};
  const std::vector<double> values = targets_of(truths, 4).values;
  REQUIRE(values.size() == 8);
  for (size_t row = 0; row < 2; ++row) {
    CHECK(values[4 * row + 0] == doctest::Approx(0.6));
    CHECK(values[4 * row + 1] == 0);
    CHECK(values[4 * row + 2] == doctest::Approx(0.9));
    CHECK(values[4 * row + 3] == 0);
  }
}

TEST_CASE("answers: the truest is what was said, if it is as true as another") {
  const Truth both{{1, 0.3F}, {2, 0.9F}, {3, 0.9F}};
  CHECK(truest(both) == 2);
  CHECK(truest(both, 3) == 3);
  CHECK(truest(both, 1) == 2);
  CHECK(truest({}) == -1);
  CHECK(truest({}, 2) == -1);
}

TEST_CASE("answers: the accuracy is the mean of how far the likeliest are true; classes count the truest") {
  // said: red, blue, yes, no
  const std::vector<float> logits{0, 0, 2, 1, 3, 2, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0};
  const VqaEvaluation judged(names, logits, {one(2), {{0, 0.3F}, {2, 0.9F}}, one(1), {}}, 0.7);
  const std::vector<int64_t> all{0, 1, 2, 3}, twice{1, 1};
  CHECK(judged.scores(all).at("accuracy") == doctest::Approx((1 + 0.3) / 4));
  CHECK(judged.scores(twice).at("accuracy") == doctest::Approx(0.3));
  CHECK(judged.loss() == 0.7);
  CHECK(judged.judgement(0).wrongness == 0);
  CHECK(judged.judgement(1).truth == "red (0.9)|blue (0.3)");
  CHECK(judged.judgement(1).said == "blue");
  CHECK(judged.judgement(1).wrongness > 0);
  CHECK(judged.judgement(3).said == "no");
  CHECK(judged.judgement(3).truth.empty());
  CHECK(judged.judgement(3).wrongness > judged.judgement(2).wrongness);
  const auto classes = judged.classes();
  REQUIRE(classes.size() == 4);
  CHECK(classes[2].name == "red");
  CHECK(classes[2].scores.recall == doctest::Approx(0.5));
  CHECK(classes[2].scores.precision == 1);
  CHECK(classes[1].scores.predicted == 1);
  CHECK(classes[1].scores.support == 1);
  CHECK_FALSE(judged.confusion().has_value());
  const VqaEvaluation known(names, {0, 0, 2, 1}, {one(1)}, 0);
  REQUIRE(known.confusion().has_value());
  const VqaEvaluation overflown(names, {0, 0, INFINITY, 1}, {one(1)}, 0);
  CHECK(std::isnan(overflown.scores(std::vector<int64_t>{0}).at("accuracy")));
}
