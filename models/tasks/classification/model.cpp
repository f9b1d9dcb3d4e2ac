// SPDX-License-Identifier: Apache-2.0
// Opens a classifier with the labels of its data, and tells of it.
#include "models/tasks/classification/model.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <utility>

#include "models/class_loss.h"
#include "models/tasks/checksum.h"
#include "models/tasks/class_loss_options.h"
#include "models/tasks/classification/evaluation.h"
#include "models/tasks/classification/examples.h"
#include "models/tasks/classification/predictor.h"
#include "models/tasks/classification/threshold.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

ClassificationModel::ClassificationModel(const std::string& directory, const TextClassifierOptions& how,
                                         std::optional<Problem> problem, ClassificationOptions options,
                                         FieldNames called)
    : ClassificationModel(std::make_shared<TextClassifier>(directory, how), std::move(problem), std::move(options),
                          std::move(called)) {
  if (problem_) {
    problem_->use_labels_of(*classifier_);
    class_loss_ = options_.class_loss.class_loss(problem_->labels, problem_->counts);
  }
  if (options_.lm_weight > 0 && !classifier_->model().has_classes_and_words())
    fail("{}: {}: a model of {} reads in both directions, and says no next tokens", directory, called_("lm_weight"),
         quote(classifier_->config().json.get_string_or("model_type", "bert")));
  if (options_.lm_weight > 0 && !classifier_->config().tie_word_embeddings)
    fail(
        "{}: {}: its words are not tied: it says next tokens by a matrix of its own (lm_head.weight), which a model "
        "for "
        "classes does not have",
        directory, called_("lm_weight"));
  if (!options_.text_pair_column.empty()) classifier_->encoder().check_takes_pairs();
}

ClassificationModel::ClassificationModel(const ClassificationModel& like, const Device& dry)
    : ClassificationModel(std::make_shared<TextClassifier>(*like.classifier_, dry), like.problem_, like.options_,
                          like.called_) {
  class_loss_ = like.class_loss_;
}

ClassificationModel::ClassificationModel(std::shared_ptr<TextClassifier> classifier, std::optional<Problem> problem,
                                         ClassificationOptions options, FieldNames called)
    : TextTaskModel(classifier),
      classifier_(std::move(classifier)),
      problem_(std::move(problem)),
      options_(std::move(options)),
      called_(std::move(called)) {
  classifier_->set_threshold(options_.threshold);
}

std::string ClassificationModel::description() const {
  const double threshold = classifier_->threshold();
  return fmt::format("{} ({}{})", name_of(classifier_->problem()), counted(classifier_->num_labels(), "label"),
                     threshold == even_threshold ? "" : fmt::format(", threshold {:.4g}", threshold));
}

std::string ClassificationModel::fit_after_training(Evaluation& validation) {
  if (options_.asked_threshold != searched_threshold_word) return {};
  auto& said = dynamic_cast<ClassificationEvaluation&>(validation);
  const ThresholdSearch found = search_threshold(said.logits(), said.targets().values);
  said.set_threshold(found.threshold);
  classifier_->set_threshold(found.threshold);
  keep("threshold", found.threshold);
  return fmt::format("threshold {:.4g} on validation: micro_f1 {:.4f}, {:.4f} at {}", found.threshold, found.micro_f1,
                     found.even_micro_f1, even_threshold);
}

std::unique_ptr<Examples> ClassificationModel::read(const std::string& file) {
  const Problem problem = problem_ ? *problem_ : problem_of(*classifier_, file, options_, called_);
  return std::make_unique<ClassificationExamples>(*classifier_, file, options_, problem, called_, class_loss_);
}

std::unique_ptr<Examples> ClassificationModel::longest(int64_t count) {
  return std::make_unique<ClassificationExamples>(*classifier_, count, options_, class_loss_);
}

std::unique_ptr<Predictor> ClassificationModel::predictor(const PredictionRequest& request) {
  return std::make_unique<ClassificationPredictor>(*classifier_, options_, request, called_);
}

std::vector<std::string> ClassificationModel::warnings() const {
  if (options_.lm_weight == 0) return {};
  const std::string head = std::string(classifier_->model().head().path) + ".";
  const auto of_body = [&](const Parameter& p) { return !p.frozen() && !p.name().starts_with(head); };
  if (std::ranges::any_of(classifier_->store().all(), of_body)) return {};
  return {
      fmt::format("{}: nothing but the head is trained, which says no words: their loss is counted, and nothing is "
                  "learnt from it",
                  called_("lm_weight"))};
}

Fingerprint ClassificationModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["labels"] = label_list(classifier_->labels());
  identity["problem_type"] = name_of(classifier_->problem());
  add_to_identity(class_loss_, identity);
  if (options_.lm_weight > 0) identity["lm_weight"] = fmt::format("{}", options_.lm_weight);
  return identity;
}

Fingerprint ClassificationModel::judging_identity() const {
  if (options_.threshold == even_threshold) return {};
  return {{"threshold", fmt::format("{}", options_.threshold)}};
}

}  // namespace thaw
