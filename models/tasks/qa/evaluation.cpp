// SPDX-License-Identifier: Apache-2.0
// Counts answers.
#include "models/tasks/qa/evaluation.h"

#include <fmt/ranges.h>

#include <limits>
#include <optional>

namespace thaw {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr const char* no_answer = "(no answer)";
constexpr const char* threshold_name = "best_f1_threshold";  // no quality: nothing to choose a model by

Metrics unknown_scores(bool with_none) {
  Metrics scores;
  for (const std::string& name : qa_metric_names(with_none))
    if (name != "loss") scores[name] = unknown;
  if (with_none) scores[threshold_name] = unknown;
  return scores;
}

}  // namespace

std::vector<std::string> qa_metric_names(bool with_none) {
  if (!with_none) return {"loss", "exact_match", "f1"};
  return {"loss",          "exact_match",           "f1",           "has_answer_exact_match",
          "has_answer_f1", "no_answer_exact_match", "no_answer_f1", "best_f1"};
}

void QaEvaluation::add(const QuestionAnswers& answers, const std::vector<std::string>& right) {
  const SquadRules rules = with_none_ ? SquadRules::v2 : SquadRules::v1;
  const auto answered = [&](const std::string& text) {
    return AnsweredQuestion{score_answer(text, right, rules), !right.empty(), text.empty(), answers.null_score_diff};
  };
  const bool has_text = answers.best_text < answers.best.size();
  const Answer& said = answers.said();
  Item item{answered(said.text), answered(has_text ? answers.best[answers.best_text].text : ""), {}};
  item.judgement.truth = right.empty() ? no_answer : fmt::format("{}", fmt::join(right, " | "));
  item.judgement.said = said.text.empty() ? no_answer : said.text;
  item.judgement.wrongness = (1 - item.said.scores.f1) * said.probability;
  item.is_finite = answers.is_finite;
  items_.push_back(std::move(item));
}

Metrics QaEvaluation::scores(std::span<const int64_t> which) const {
  std::vector<AnsweredQuestion> said, best;
  for (const int64_t question : which) {
    const Item& item = items_[static_cast<size_t>(question)];
    if (!item.is_finite) return unknown_scores(with_none_);
    said.push_back(item.said);
    best.push_back(item.best_text);
  }
  const SquadReport report = squad_report(said);
  Metrics metrics{{"exact_match", report.all.exact}, {"f1", report.all.f1}};
  if (!with_none_) return metrics;
  const auto add_part = [&](const std::string& name, const std::optional<SquadTotals>& part) {
    metrics[name + "_exact_match"] = part ? part->exact : unknown;
    metrics[name + "_f1"] = part ? part->f1 : unknown;
  };
  add_part("has_answer", report.with_answer);
  add_part("no_answer", report.without_answer);
  const AnswerThreshold threshold = best_threshold(best, AnswerMetric::f1);
  metrics["best_f1"] = threshold.score;
  metrics[threshold_name] = threshold.threshold;
  return metrics;
}

Evaluation::Judgement QaEvaluation::judgement(int64_t question) const {
  return items_[static_cast<size_t>(question)].judgement;
}

}  // namespace thaw
