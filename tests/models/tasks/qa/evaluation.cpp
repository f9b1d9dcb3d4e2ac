// SPDX-License-Identifier: Apache-2.0
// Scores of answers, and of none that can be told.
#include "models/tasks/qa/evaluation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using namespace thaw;

TEST_CASE("qa evaluation: numbers that are not finite give no scores") {
  for (const bool with_none : {false, true}) {
    QaEvaluation evaluation(with_none, std::nan(""));
    // As fold_answers() makes it of a window without answers: nothing is said, which would be right of one of them.
    const QuestionAnswers overflown{.best = {{}}, .best_text = 1, .is_finite = false};
    const QuestionAnswers sound{.best = {{.text = "Ada", .start = 0, .end = 3, .probability = 1}}};
    evaluation.add(sound, {"Ada"});
    evaluation.add(overflown, {});
    const std::vector<int64_t> first{0}, both{0, 1};
    CHECK(evaluation.scores(first).at("f1") == 100);
    const Metrics scores = evaluation.scores(both);
    CHECK(scores.size() + 1 == qa_metric_names(with_none).size() + (with_none ? 1 : 0));  // no loss; the threshold
    for (const auto& [name, value] : scores) CHECK_MESSAGE(std::isnan(value), name);
  }
}
