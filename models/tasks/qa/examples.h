// SPDX-License-Identifier: Apache-2.0
// Questions to learn from and to be judged by. An example is a window: batches have windows, of any questions; those of
// one question are a group, and an evaluation counts questions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/qa/answers.h"
#include "models/tasks/qa/options.h"
#include "models/tasks/qa/question_set.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class QaExamples : public Examples {
 public:
  // The model must outlive them.
  QaExamples(TextPipeline& model, std::shared_ptr<const QuestionSet> set, QaOptions options)
      : model_(model), set_(std::move(set)), options_(options) {}

  std::span<const int64_t> lengths() const override { return set_->texts().lengths(); }
  // A window's term: half the cross-entropies of the answer's first and last token (models/span_loss.h); where the
  // window does not have it, of the window's first token for both.
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  // A question some of whose windows are not among the examples is judged by the others.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  // The model's answers to the questions of these windows, in the order of their first ones; `loss`, if not null,
  // receives the mean of the terms.
  std::vector<QuestionAnswers> answers(std::span<const int64_t> examples, double* loss = nullptr) const;

  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(set_->texts().pick(examples), how);
  }
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(set_->texts()[example].cut); }
  std::vector<std::string> notes() const override { return set_->warnings(options_.version_2_with_negative); }
  int64_t group(int64_t example) const override { return window(example).question; }
  int64_t stratum(int64_t example) const override { return question_of(example).answers.empty() ? 1 : 0; }
  uint64_t kin(int64_t example) const override { return question_of(example).context->checksum; }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  const QuestionWindow& window(int64_t example) const { return set_->windows()[static_cast<size_t>(example)]; }
  const AskedQuestion& question_of(int64_t example) const {
    return set_->questions()[static_cast<size_t>(window(example).question)];
  }
  Variable loss_of(const Variable& logits, std::span<const int64_t> examples, double count) const;

  TextPipeline& model_;
  std::shared_ptr<const QuestionSet> set_;
  QaOptions options_;
};

}  // namespace thaw
