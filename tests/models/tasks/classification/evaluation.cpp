// SPDX-License-Identifier: Apache-2.0
// What was said of texts, class by class.
#include "models/tasks/classification/evaluation.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

using namespace thaw;

TEST_CASE("classification evaluation: classes, and which was taken for which") {
  // b is said of an a; c is never said and never true.
  const ClassificationEvaluation said(ProblemType::single_label, {"a", "b", "c"}, {2, 0, 0, /**/ 0, 1, 0, /**/ 0, 3, 1},
                                      {{0, 0, 1}, {}}, 0.5);
  const std::optional<ConfusionMatrix> matrix = said.confusion();
  REQUIRE(matrix);
  CHECK(matrix->at(0, 0) == 1);
  CHECK(matrix->at(0, 1) == 1);
  CHECK(matrix->at(1, 1) == 1);
  CHECK(matrix->total() == 3);
  const auto classes = said.classes();
  REQUIRE(classes.size() == 3);
  CHECK(classes[0].name == "a");
  CHECK(classes[0].scores.precision == 1);
  CHECK(classes[0].scores.recall == 0.5);
  CHECK(classes[1].scores.precision == 0.5);
  CHECK(classes[1].scores.support == 1);
  CHECK(classes[2].scores.f1 == 0);
}

TEST_CASE("classification evaluation: of several labels each is counted for itself, numbers are of no class") {
  const ClassificationEvaluation several(ProblemType::multi_label, {"a", "b"}, {1, -1, /**/ 1, 1}, {{}, {1, 0, 0, 1}},
                                         0.5);
  CHECK_FALSE(several.confusion());
  const auto labels = several.classes();
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].scores.precision == 0.5);
  CHECK(labels[0].scores.recall == 1);
  CHECK(labels[1].scores.f1 == 1);
  const ClassificationEvaluation number(ProblemType::regression, {"LABEL_0"}, {1, 2}, {{}, {1, 0}}, 0.5);
  CHECK(number.classes().empty());
  CHECK_FALSE(number.confusion());
  const ClassificationEvaluation numbers(ProblemType::regression, {"joy", "fear"}, {1, 2, /**/ 0, 4},
                                         {{}, {1.5, 2, /**/ 1, 1}}, 0.5);
  CHECK(numbers.classes().empty());
  CHECK(numbers.size() == 2);
  CHECK(numbers.judgement(1).truth == "1|1");
  CHECK(numbers.judgement(1).said == "0|4");
  CHECK(numbers.judgement(1).wrongness == doctest::Approx(4));
  CHECK(numbers.metrics().at("mean_absolute_error/fear") == doctest::Approx(1.5));
}
