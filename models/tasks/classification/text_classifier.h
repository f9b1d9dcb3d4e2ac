// SPDX-License-Identifier: Apache-2.0
// TextClassifier: a Hugging Face directory opened for classifying texts or pairs of texts: weights, configuration and
// tokenizer in one object. B texts, L labels.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/classification_loss.h"
#include "models/tasks/classification/threshold.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

struct TextClassifierOptions : TextPipelineOptions {
  std::vector<std::string> labels = {};          // empty: the checkpoint's own
  std::optional<ProblemType> problem_type = {};  // absent: the checkpoint's own
  InputKind reads = InputKind::texts;
};

class TextClassifier : public TextPipeline {
 public:
  // Where the checkpoint has no head, or one for other labels, the head is new; report() says so. Which labels it has:
  // see fit_head (models/tasks/head_choice.h). Errors: one line that names the file and what is wrong.
  explicit TextClassifier(const std::string& directory, const TextClassifierOptions& options = {});
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  TextClassifier(const TextClassifier& like, Device dry);

  const std::vector<std::string>& labels() const { return config().labels; }  // by class number
  // Were the labels given as "0", "1", ..., for classes that have names?
  bool labels_are_numbers() const { return labels_are_numbers_; }
  int64_t num_labels() const { return config().num_labels(); }
  ProblemType problem() const { return config().problem(); }
  // The probability above which one of several labels counts as predicted.
  double threshold() const { return threshold_; }
  void set_threshold(double threshold) { threshold_ = threshold; }

  // [B, L]; training or evaluation as store().mode().training says.
  Variable logits(std::span<const Encoding* const> batch) const { return outputs(batch); }
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem(), logits, targets, count);
  }
  // In evaluation mode and without gradients: softmax, sigmoid, or (regression) the numbers themselves; [B L]. A text
  // whose logits are not all finite has NaN for each of them.
  std::vector<float> predict(std::span<const Encoding* const> batch);

 private:
  struct Fitted {
    bool labels_are_numbers = false;
  };
  TextClassifier(const std::string& directory, const TextClassifierOptions& options, Fitted fitted);

  bool labels_are_numbers_;
  double threshold_ = even_threshold;
};

}  // namespace thaw
