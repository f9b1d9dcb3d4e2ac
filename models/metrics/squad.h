// SPDX-License-Identifier: Apache-2.0
// Scores of answers in words, as SQuAD's own scripts count them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// Of one answer: 0 to 1.
struct AnswerScores {
  double exact = 0, f1 = 0;
};

// They differ in answers of which nothing but articles and punctuation is left: to SQuAD 1.1 such have no word in
// common (F1 is 0); 2.0 compares them as empty answers, and passes over those among the right ones.
enum class SquadRules { v1, v2 };

// The best over the right answers; where there are none (v2: but empty ones) the right answer is the empty text.
AnswerScores score_answer(std::string_view predicted, const std::vector<std::string>& answers,
                          SquadRules rules = SquadRules::v2);

// A question and what was predicted for it.
struct AnsweredQuestion {
  AnswerScores scores;           // of the predicted text
  bool has_answer = true;        // in truth
  bool predicted_empty = false;  // the predicted text is empty
  double no_answer_score = 0;    // the larger, the less likely there is an answer
};

// Above this, a question counts as predicted to have no answer: right or wrong, whatever its text is.
struct AnswerThreshold {
  double score = 0;  // in percent: of all questions at this threshold
  double threshold = 0;
};

// In percent.
struct SquadTotals {
  double exact = 0, f1 = 0;
  int64_t questions = 0;
};

struct SquadReport {
  SquadTotals all;
  std::optional<SquadTotals> with_answer, without_answer;  // where there are such questions
};

// threshold: none, and every question is taken by its text.
SquadReport squad_report(std::span<const AnsweredQuestion> questions, std::optional<double> threshold = {});

// The threshold with the best mean of exact matches or F1, as evaluate-v2.0.py finds it: by no-answer scores, smallest
// first (equal ones in the given order, one by one), the first best counts; 0 where none answered is best.
enum class AnswerMetric { exact, f1 };
AnswerThreshold best_threshold(std::span<const AnsweredQuestion> questions, AnswerMetric metric);

}  // namespace thaw
