// SPDX-License-Identifier: Apache-2.0
// Tries pairs of starts and ends, and folds windows.
#include "models/tasks/qa/answers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/metrics/probabilities.h"
#include "models/tasks/text_at.h"

namespace thaw {
namespace {

// The tokens with the highest logits of one column, best first.
std::vector<int64_t> likeliest_tokens(std::span<const float> logits, size_t column, int64_t count) {
  std::vector<int64_t> order(logits.size() / 2);
  std::iota(order.begin(), order.end(), int64_t{0});
  const auto logit = [&](int64_t token) { return logits[2 * static_cast<size_t>(token) + column]; };
  const auto wanted = order.begin() + std::min(count, static_cast<int64_t>(order.size()));
  std::partial_sort(order.begin(), wanted, order.end(),
                    [&](int64_t a, int64_t b) { return logit(a) != logit(b) ? logit(a) > logit(b) : a < b; });
  order.erase(wanted, order.end());
  return order;
}

void keep_best(std::vector<AnswerSpan>& spans, int64_t count) {
  std::ranges::stable_sort(spans, [](const AnswerSpan& a, const AnswerSpan& b) { return a.score() > b.score(); });
  if (static_cast<int64_t>(spans.size()) > count) spans.resize(static_cast<size_t>(count));
}

bool is_none(const AnswerSpan& span) { return span.place == TextSpan{}; }

void set_probabilities(std::vector<Answer>& answers, std::span<const AnswerSpan> spans) {
  std::vector<float> scores;
  for (const AnswerSpan& span : spans) scores.push_back(span.score());
  const std::vector<double> probabilities = softmax(scores);
  for (size_t i = 0; i < answers.size(); ++i) answers[i].probability = probabilities[i];
}

}  // namespace

WindowAnswers best_answers(std::span<const float> logits, const ContextPart& part, std::span<const TextSpan> tokens,
                           const QaOptions& options) {
  WindowAnswers answers;
  answers.is_finite = std::ranges::all_of(logits, [](float x) { return std::isfinite(x); });
  if (!answers.is_finite) return answers;
  answers.none = {{}, logits[0], logits[1]};
  const auto place = [&](int64_t position) -> const TextSpan* {
    const int64_t in_part = position - part.position;
    return in_part >= 0 && in_part < part.count ? &tokens[static_cast<size_t>(part.first + in_part)] : nullptr;
  };
  const std::vector<int64_t> starts = likeliest_tokens(logits, 0, options.n_best_size),
                             ends = likeliest_tokens(logits, 1, options.n_best_size);
  for (const int64_t start : starts)
    for (const int64_t end : ends) {
      const TextSpan *first = place(start), *last = place(end);
      if (!first || !last || end < start || end - start >= options.max_answer_length) continue;
      answers.best.push_back({{first->begin, last->end},
                              logits[2 * static_cast<size_t>(start)],
                              logits[2 * static_cast<size_t>(end) + 1]});
    }
  keep_best(answers.best, options.n_best_size);
  return answers;
}

QuestionAnswers fold_answers(std::span<const WindowAnswers> windows, const std::string& context,
                             const QaOptions& options) {
  QuestionAnswers folded;
  std::vector<AnswerSpan> spans;
  AnswerSpan none = windows[0].none;
  for (const WindowAnswers& window : windows) {
    folded.is_finite = folded.is_finite && window.is_finite;
    if (window.none.score() < none.score()) none = window.none;
    spans.insert(spans.end(), window.best.begin(), window.best.end());
  }
  if (options.version_2_with_negative) spans.push_back(none);
  keep_best(spans, options.n_best_size);
  const bool lacks_none = options.version_2_with_negative && std::ranges::none_of(spans, is_none);
  if (lacks_none || spans.empty()) spans.push_back(none);
  for (const AnswerSpan& span : spans)
    folded.best.push_back(
        {text_at(context, span.place), span.place.begin, span.place.end, 0, span.start_logit, span.end_logit});
  set_probabilities(folded.best, spans);

  const auto text = std::ranges::find_if(folded.best, [](const Answer& answer) { return !answer.text.empty(); });
  folded.best_text = static_cast<size_t>(text - folded.best.begin());
  const bool has_text = text != folded.best.end();
  if (!options.version_2_with_negative) {
    if (!has_text) folded.best[0].probability = 0;
    return folded;
  }
  folded.null_score_diff = has_text ? none.score() - text->start_logit - text->end_logit : none.score();
  const bool says_none = !has_text || folded.null_score_diff > options.null_score_diff_threshold;
  folded.chosen =
      says_none ? static_cast<size_t>(std::ranges::find_if(spans, is_none) - spans.begin()) : folded.best_text;
  return folded;
}

}  // namespace thaw
