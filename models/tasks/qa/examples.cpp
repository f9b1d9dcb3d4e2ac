// SPDX-License-Identifier: Apache-2.0
// Losses of windows, answers of questions.
#include "models/tasks/qa/examples.h"

#include "models/span_loss.h"
#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/qa/evaluation.h"
#include "models/tasks/qa/model.h"
#include "tensor/segments.h"

namespace thaw {

Variable QaExamples::loss_of(const Variable& logits, std::span<const int64_t> examples, double count) const {
  std::vector<int32_t> sizes, starts, ends;
  for (const int64_t example : examples) {
    sizes.push_back(static_cast<int32_t>(lengths()[static_cast<size_t>(example)]));
    starts.push_back(window(example).start);
    ends.push_back(window(example).end);
  }
  return span_loss(logits, Segments(sizes, logits.value().device()), starts, ends, count, count);
}

Variable QaExamples::loss(std::span<const int64_t> examples, double count) const {
  return loss_of(model_.outputs(set_->texts().pick(examples)), examples, count);
}

std::vector<float> QaExamples::outputs(std::span<const int64_t> examples) const {
  return model_.outputs(set_->texts().pick(examples)).value().to_host<float>();
}

std::vector<QuestionAnswers> QaExamples::answers(std::span<const int64_t> examples, double* loss) const {
  std::vector<WindowAnswers> windows(examples.size());
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const Variable logits = model_.outputs(set_->texts().pick(batch));
    const std::vector<float> numbers = logits.value().to_host<float>();
    size_t row = 0;
    for (size_t i = 0; i < batch.size(); ++i) {
      const auto tokens = static_cast<size_t>(lengths()[static_cast<size_t>(batch[i])]);
      windows[static_cast<size_t>(places[i])] =
          best_answers(std::span(numbers).subspan(2 * row, 2 * tokens), window(batch[i]).part,
                       question_of(batch[i]).context->tokens, options_);
      row += tokens;
    }
    return loss ? static_cast<double>(loss_of(logits, batch, 1).value().item()) : 0.0;
  };
  const double mean = evaluate_in_batches(model_.store(), *this, examples, run);
  if (loss) *loss = mean;

  std::vector<QuestionAnswers> answers;
  for (size_t begin = 0, end = 0; begin < examples.size(); begin = end) {
    while (end < examples.size() && group(examples[end]) == group(examples[begin])) ++end;
    answers.push_back(fold_answers(std::span(windows).subspan(begin, end - begin),
                                   question_of(examples[begin]).context->text, options_));
  }
  return answers;
}

std::unique_ptr<Evaluation> QaExamples::evaluate(std::span<const int64_t> examples) const {
  double loss = 0;
  const std::vector<QuestionAnswers> answered = answers(examples, &loss);
  auto evaluation = std::make_unique<QaEvaluation>(options_.version_2_with_negative, loss);
  size_t number = 0;
  for (size_t i = 0; i < examples.size(); ++i)
    if (i == 0 || group(examples[i]) != group(examples[i - 1]))
      evaluation->add(answered[number++], question_of(examples[i]).answers);
  return evaluation;
}

ShownExample QaExamples::show(int64_t example) const {
  ShownExample shown = set_->texts().show(example, model_.tokenizer());
  const AskedQuestion& question = question_of(example);
  shown.where = question.where;
  if (question.windows > 1)
    shown.where += fmt::format(" (window {} of {})", example - question.first_window + 1, question.windows);
  const auto mark = [&](int32_t token, const char* label) {
    ShownExample::Token& marked = shown.tokens[static_cast<size_t>(token)];
    marked.has_loss = true;
    marked.label += (marked.label.empty() ? "" : ", ") + std::string(label);
  };
  mark(window(example).start, "start");
  mark(window(example).end, "end");
  shown.text = question.text + " | " + question.context->text;
  shown.truth = question.answers.empty() ? "(no answer)" : question.answers[0];
  return shown;
}

Fingerprint QaExamples::identity() const {
  uint32_t sum = 0;
  for (const QuestionWindow& window : set_->windows())
    sum = checksum(std::vector<int32_t>{static_cast<int32_t>(window.question), window.start, window.end}, sum);
  return {{"questions and contexts, as token ids", checksum_text(set_->texts().checksum())},
          {"places of the answers", checksum_text(sum)}};
}

std::unique_ptr<Examples> QaExamples::read_by(TaskModel& other) const {
  return std::make_unique<QaExamples>(dynamic_cast<QaModel&>(other).text(), set_, options_);
}

}  // namespace thaw
