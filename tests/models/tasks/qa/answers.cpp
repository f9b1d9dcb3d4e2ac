// SPDX-License-Identifier: Apache-2.0
// Answers from scores of tokens: answers.jsonl is what postprocess_qa_predictions (in transformers'
// examples/pytorch/question-answering/utils_qa.py) makes of made logits.
#include "models/tasks/qa/answers.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "models/data/json_rows.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

// Where no window has an answer, the reference has one of its own: "empty".
bool is_without_answers(const Json& expected) { return expected.get_array("n_best").at(0).get_string(0) == "empty"; }

void check_case(const Json& expected) {
  const Json& given = expected.get_object("options");
  const QaOptions options{.version_2_with_negative = given.get_bool("version_2_with_negative"),
                          .n_best_size = given.get_int("n_best_size"),
                          .max_answer_length = given.get_int("max_answer_length"),
                          .null_score_diff_threshold = given.get_number("null_score_diff_threshold")};
  std::vector<TextSpan> tokens;
  for (const Json& place : expected.get_array("tokens").items())
    tokens.push_back({static_cast<uint32_t>(place.get_int(0)), static_cast<uint32_t>(place.get_int(1))});
  std::vector<WindowAnswers> windows;
  for (const Json& window : expected.get_array("windows").items()) {
    std::vector<float> logits;
    for (const Json& logit : window.get_array("logits").items())
      logits.push_back(static_cast<float>(logit.as_number()));
    const ContextPart part{static_cast<int32_t>(window.get_int("position")),
                           static_cast<int32_t>(window.get_int("first")),
                           static_cast<int32_t>(window.get_int("count"))};
    windows.push_back(best_answers(logits, part, tokens, options));
  }
  const QuestionAnswers found = fold_answers(windows, expected.get_string("context"), options);
  if (is_without_answers(expected)) {
    CHECK(found.said().text.empty());
    return;
  }
  CHECK(found.said().text == expected.get_string("answer"));
  if (options.version_2_with_negative)
    CHECK(found.null_score_diff == doctest::Approx(expected.get_number("null_score_diff")).epsilon(1e-6));
  const Json& best = expected.get_array("n_best");
  REQUIRE(found.best.size() == best.size());
  for (size_t i = 0; i < best.size(); ++i) {
    CHECK(found.best[i].text == best.at(i).get_string(0));
    CHECK(found.best[i].probability == doctest::Approx(best.at(i).get_number(1)).epsilon(1e-5));
  }
}

}  // namespace

TEST_CASE("answers: the best ones, no answer and its score are those of the reference's postprocessing") {
  JsonRows rows{LineReader(source_folder() / "tests/models/tasks/qa/answers.jsonl")};
  int cases = 0, without = 0;
  for (Json row; rows.next(row); ++cases) {
    const std::string where = rows.where();
    CAPTURE(where);
    check_case(row);
    without += is_without_answers(row);
  }
  CHECK(cases == 40);
  CHECK(without < 10);
}

TEST_CASE("answers: logits that are not finite give none, and say so") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> logits{0, 0, nan, 1, 2, 3};
  const WindowAnswers window = best_answers(logits, {1, 0, 2}, std::vector<TextSpan>{{0, 1}, {2, 3}}, {});
  CHECK_FALSE(window.is_finite);
  CHECK(window.best.empty());
  const QuestionAnswers folded = fold_answers(std::vector<WindowAnswers>{window}, "a b", {});
  CHECK_FALSE(folded.is_finite);
  CHECK(folded.said().text.empty());
}
