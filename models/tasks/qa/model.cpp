// SPDX-License-Identifier: Apache-2.0
// Opens a model with a head for answers.
#include "models/tasks/qa/model.h"

#include <fmt/format.h>

#include "models/data/questions.h"
#include "models/hub/class_labels.h"
#include "models/tasks/qa/evaluation.h"
#include "models/tasks/qa/examples.h"
#include "models/tasks/qa/predictor.h"
#include "models/tasks/qa/question_set.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr TextPurpose purpose{"ForQuestionAnswering", "answers in a text"};

// Two outputs, whatever classes the checkpoint was for.
void fit(TextCheckpoint& checkpoint) {
  const std::string weight = std::string(checkpoint.head(purpose.architecture).output) + ".weight";
  if (checkpoint.source().find(weight) && !checkpoint.source().is_replaced(weight)) return;
  checkpoint.config().labels = made_up_labels(2);
  checkpoint.config().problem_type.reset();
}

}  // namespace

QaModel::QaModel(const std::string& directory, const TextPipelineOptions& how, const QaOptions& options,
                 FieldNames called)
    : QaModel(std::make_shared<TextPipeline>(directory, purpose, how, fit), options, std::move(called)) {
  text_->encoder().check_takes_pairs();
}

QaModel::QaModel(const QaModel& like, const Device& dry)
    : QaModel(std::make_shared<TextPipeline>(*like.text_, dry), like.options_, like.called_) {}

std::string QaModel::description() const {
  return options_.version_2_with_negative ? "question answering (a context may have no answer)" : "question answering";
}

std::vector<std::string> QaModel::metric_names() const { return qa_metric_names(options_.version_2_with_negative); }

std::unique_ptr<Examples> QaModel::read(const std::string& file) {
  auto set = std::make_shared<QuestionSet>(file);
  QuestionReader reader(file);
  for (Question question; reader.next(question);) {
    if (!question.is_answered)
      fail("{}: the question {} has no \"answers\": empty ones say that there is none", question.where,
           quote(question.id));
    set->add(question, text_->encoder(), options_);
  }
  if (set->questions().empty()) fail("{}: has no questions", file);
  return std::make_unique<QaExamples>(*text_, std::move(set), options_);
}

std::unique_ptr<Examples> QaModel::longest(int64_t count) {
  auto set = std::make_shared<QuestionSet>(QuestionSet::made_up(count, text_->max_length()));
  return std::make_unique<QaExamples>(*text_, std::move(set), options_);
}

std::unique_ptr<Predictor> QaModel::predictor(const PredictionRequest& request) {
  return std::make_unique<QaPredictor>(*text_, options_, request, called_);
}

Fingerprint QaModel::judging_identity() const {
  return {{"max_answer_length", fmt::format("{}", options_.max_answer_length)},
          {"n_best_size", fmt::format("{}", options_.n_best_size)},
          {"null_score_diff_threshold", fmt::format("{}", options_.null_score_diff_threshold)},
          {"version_2_with_negative", fmt::format("{}", options_.version_2_with_negative)}};
}

}  // namespace thaw
