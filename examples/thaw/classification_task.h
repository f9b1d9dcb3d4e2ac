// SPDX-License-Identifier: Apache-2.0
// Classifying texts, as a task for the trainer.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "examples/thaw/encoded_texts.h"
#include "nn/train/batches.h"
#include "nn/train/training_task.h"

namespace thaw {

// Metrics of a model on data, with "loss" among them; in evaluation mode, without gradients. Batches are of like
// lengths.
Metrics evaluate_classifier(TextClassifier& model, const EncodedTexts& data);

class ClassificationTask : public TrainingTask {
 public:
  // All must outlive the task; validation may be null.
  ClassificationTask(TextClassifier& model, const EncodedTexts& train, const EncodedTexts* validation)
      : model_(model), train_(train), validation_(validation) {}

  std::span<const int64_t> lengths() const override { return train_.lengths; }
  Variable loss(std::span<const int64_t> examples, double weight) override;
  Metrics evaluate() override;
  bool has_validation() const override { return validation_ != nullptr; }
  std::vector<std::string> metric_names() const override;
  // Names of the classes, kind of problem, the model's switches, the first numbers of each of its tensors, and
  // checksums of the token ids (so of texts, columns and length), of the targets and of the tokenizer's files.
  Fingerprint identity() const override;
  Fingerprint validation_identity() const override;
  void save_model(const std::filesystem::path& directory) const override { model_.save(directory.string()); }
  void load_model(const std::filesystem::path& directory) override;

 private:
  TextClassifier& model_;
  const EncodedTexts& train_;
  const EncodedTexts* validation_;
};

}  // namespace thaw
