// SPDX-License-Identifier: Apache-2.0
// Counts right answers.
#include "models/tasks/frozen/evaluation.h"

#include <algorithm>

#include "models/metrics/classes.h"

namespace thaw {

std::string answer_text(const std::vector<int32_t>& answers, const SequenceFormat& format) {
  std::string text;
  for (const int32_t answer : answers) {
    if (!text.empty() && format.classes > 2) text += ' ';
    text += std::to_string(answer);
  }
  return text;
}

double FrozenEvaluation::loss() const {
  double sum = 0;
  int64_t terms = 0;
  for (const JudgedSequence& sequence : sequences_) {
    sum += sequence.loss;
    terms += std::ssize(sequence.truths);
  }
  return sum / static_cast<double>(std::max<int64_t>(terms, 1));
}

Metrics FrozenEvaluation::scores(std::span<const int64_t> which) const {
  int64_t right = 0, all = 0, whole = 0;
  for (const int64_t number : which) {
    const JudgedSequence& sequence = sequences_[static_cast<size_t>(number)];
    for (size_t i = 0; i < sequence.truths.size(); ++i) right += sequence.truths[i] == sequence.said[i];
    all += std::ssize(sequence.truths);
    whole += sequence.truths == sequence.said;
  }
  const auto share = [](int64_t part, int64_t of) {
    return static_cast<double>(part) / static_cast<double>(std::max<int64_t>(of, 1));
  };
  Metrics metrics{{"accuracy", share(right, all)}};
  if (format_.read * format_.answers > 1) metrics["exact_match"] = share(whole, std::ssize(which));
  return metrics;
}

Evaluation::Judgement FrozenEvaluation::judgement(int64_t example) const {
  const JudgedSequence& sequence = sequences_[static_cast<size_t>(example)];
  return {answer_text(sequence.truths, format_), answer_text(sequence.said, format_), sequence.wrongness};
}

std::vector<Evaluation::ClassScores> FrozenEvaluation::classes() const {
  const std::optional<ConfusionMatrix> matrix = confusion();
  if (!matrix) return {};
  std::vector<ClassScores> classes;
  for (const PrecisionRecall& scores : class_report(*matrix).classes)
    classes.push_back({std::to_string(classes.size()), scores});
  return classes;
}

std::optional<ConfusionMatrix> FrozenEvaluation::confusion() const {
  if (format_.read * format_.answers > 1) return {};
  ConfusionMatrix matrix(static_cast<int32_t>(format_.classes));
  for (const JudgedSequence& sequence : sequences_) matrix.add(sequence.truths[0], sequence.said[0]);
  return matrix;
}

}  // namespace thaw
