// SPDX-License-Identifier: Apache-2.0
// Words in common, means over questions, and the search for a threshold.
#include "models/metrics/squad.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>

#include "models/metrics/answer_text.h"

namespace thaw {
namespace {

double f1_of_words(const std::vector<std::string>& predicted, const std::vector<std::string>& truth, SquadRules rules) {
  if (rules == SquadRules::v2 && (predicted.empty() || truth.empty())) return predicted == truth ? 1 : 0;
  std::map<std::string_view, int64_t> left;
  for (const std::string& word : truth) ++left[word];
  int64_t same = 0;
  for (const std::string& word : predicted)
    if (const auto found = left.find(word); found != left.end() && found->second > 0) {
      ++same;
      --found->second;
    }
  if (same == 0) return 0;
  const double precision = static_cast<double>(same) / static_cast<double>(predicted.size());
  const double recall = static_cast<double>(same) / static_cast<double>(truth.size());
  return 2 * precision * recall / (precision + recall);
}

// What a question counts: its text's scores, or, above the threshold, whether it has no answer.
AnswerScores counted(const AnsweredQuestion& question, std::optional<double> threshold) {
  if (!threshold || !(question.no_answer_score > *threshold)) return question.scores;
  const double right = question.has_answer ? 0 : 1;
  return {right, right};
}

}  // namespace

AnswerScores score_answer(std::string_view predicted, const std::vector<std::string>& answers, SquadRules rules) {
  std::vector<std::vector<std::string>> right;
  for (const std::string& answer : answers)
    if (std::vector<std::string> words = answer_words(answer); rules == SquadRules::v1 || !words.empty())
      right.push_back(std::move(words));
  if (right.empty()) right.emplace_back();
  const std::vector<std::string> words = answer_words(predicted);
  AnswerScores best;
  for (const std::vector<std::string>& answer : right) {
    if (answer == words) best.exact = 1;
    best.f1 = std::max(best.f1, f1_of_words(words, answer, rules));
  }
  return best;
}

SquadReport squad_report(std::span<const AnsweredQuestion> questions, std::optional<double> threshold) {
  SquadTotals totals[2];  // without, with an answer
  for (const AnsweredQuestion& question : questions) {
    SquadTotals& total = totals[question.has_answer];
    const AnswerScores scores = counted(question, threshold);
    total.exact += scores.exact;
    total.f1 += scores.f1;
    ++total.questions;
  }
  const auto percent = [](SquadTotals total) {
    const auto count = static_cast<double>(std::max<int64_t>(total.questions, 1));
    return SquadTotals{100 * total.exact / count, 100 * total.f1 / count, total.questions};
  };
  SquadReport report;
  report.all = percent(
      {totals[0].exact + totals[1].exact, totals[0].f1 + totals[1].f1, totals[0].questions + totals[1].questions});
  if (totals[0].questions > 0) report.without_answer = percent(totals[0]);
  if (totals[1].questions > 0) report.with_answer = percent(totals[1]);
  return report;
}

AnswerThreshold best_threshold(std::span<const AnsweredQuestion> questions, AnswerMetric metric) {
  if (questions.empty()) return {};
  std::vector<size_t> order(questions.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return questions[i].no_answer_score; });
  auto score =
      static_cast<double>(std::ranges::count_if(questions, [](const auto& question) { return !question.has_answer; }));
  double best = score, threshold = 0;
  for (const size_t i : order) {  // from here on answered
    const AnsweredQuestion& question = questions[i];
    if (question.has_answer) {
      score += metric == AnswerMetric::exact ? question.scores.exact : question.scores.f1;
    } else if (!question.predicted_empty) {
      score -= 1;
    }
    if (score > best) {
      best = score;
      threshold = question.no_answer_score;
    }
  }
  return {100 * best / static_cast<double>(questions.size()), threshold};
}

}  // namespace thaw
