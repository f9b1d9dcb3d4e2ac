// SPDX-License-Identifier: Apache-2.0
// Opens a classifier, deciding whether the checkpoint's head fits the labels.
#include "models/tasks/classification/text_classifier.h"

#include "models/tasks/classification/scores.h"
#include "models/tasks/head_choice.h"
#include "models/tasks/medium.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

namespace {

TextPurpose purpose_of(InputKind reads) {
  if (reads == InputKind::texts) return {.architecture = "ForSequenceClassification", .words = "whole texts"};
  return {.architecture = medium_of(reads).classifier, .words = name_of(reads), .reads = reads};
}

}  // namespace

// The base is made before any member: what comes of fitting the head is kept beside it.
TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options)
    : TextClassifier(directory, options, Fitted{}) {}

TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options, Fitted fitted)
    : TextPipeline(directory, purpose_of(options.reads), options,
                   [&](TextCheckpoint& checkpoint) {
                     fitted.labels_are_numbers = fit_head(checkpoint, purpose_of(options.reads).architecture,
                                                          {options.labels, options.problem_type});
                     PretrainedConfig& config = checkpoint.config();
                     if (options.problem_type) config.problem_type = options.problem_type;
                     check(config.problem() != ProblemType::single_label || config.num_labels() > 1,
                           "{}: {} needs two labels or more", directory, name_of(ProblemType::single_label));
                   }),
      labels_are_numbers_(fitted.labels_are_numbers) {}

TextClassifier::TextClassifier(const TextClassifier& like, Device dry)
    : TextPipeline(like, dry), labels_are_numbers_(like.labels_are_numbers_) {}

std::vector<float> TextClassifier::predict(std::span<const Encoding* const> batch) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(store().mode());
  return scores_of(problem(), logits(batch));
}

}  // namespace thaw
