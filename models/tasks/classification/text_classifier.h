// SPDX-License-Identifier: Apache-2.0
// TextClassifier: a Hugging Face directory opened for classifying texts or pairs of texts: weights, configuration and
// tokenizer in one object. B texts, L labels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/classification_loss.h"
#include "models/tasks/text_encoder.h"
#include "models/text_model.h"

namespace thaw {

struct TextClassifierOptions {
  Device device;  // none: Device::from_environment()
  DType dtype = DType::f32;
  uint64_t seed = 42;                       // of what the checkpoint does not hold
  std::vector<std::string> labels;          // empty: the checkpoint's own
  std::optional<ProblemType> problem_type;  // absent: the checkpoint's own
  int64_t max_length = 0;                   // tokens a text or pair is cut to; 0: as length_limit() says
  PrepareStore prepare;                     // called before the model is built
  bool trained = false;                     // the checkpoint must have every tensor: nothing is new and random
};

class TextClassifier {
 public:
  // Where the checkpoint has no head, or one for other labels, the head is new; report() says so. The head stays, with
  // all of its labels in its order, if the caller's are among them, or are numbers of its classes (labels_are_numbers()
  // then); a checkpoint whose labels have no names of their own (LABEL_0, ...) takes the caller's names, if there are
  // as many. A regression's head stays if it has as many outputs. Errors: one line that names the file and what is
  // wrong.
  explicit TextClassifier(const std::string& directory, const TextClassifierOptions& options = {});
  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  TextClassifier(const TextClassifier& like, Device dry);
  TextClassifier(const TextClassifier&) = delete;
  TextClassifier& operator=(const TextClassifier&) = delete;

  const PretrainedConfig& config() const { return model_->config(); }
  const std::vector<std::string>& labels() const { return config().labels; }  // by class number
  // Were the labels given as "0", "1", ..., for classes that have names?
  bool labels_are_numbers() const { return labels_are_numbers_; }
  int64_t num_labels() const { return config().num_labels(); }
  ProblemType problem() const { return config().problem(); }
  const TextEncoder& encoder() const { return encoder_; }
  const Tokenizer& tokenizer() const { return encoder_.tokenizer(); }
  ParameterStore& store() { return model_->store(); }
  const TextModel& model() const { return *model_; }
  const LoadReport& report() const { return model_->report(); }
  int64_t max_length() const { return encoder_.max_length(); }
  void set_checkpointing(bool on) { model_->set_checkpointing(on); }  // less memory, a second forward pass

  // See TextEncoder::encode.
  Encoding encode(std::string_view text, std::optional<std::string_view> pair = {}) const {
    return encoder_.encode(text, pair);
  }

  // [B, L]; training or evaluation as store().mode().training says.
  Variable logits(std::span<const Encoding* const> batch) const;
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem(), logits, targets, count);
  }
  // In evaluation mode and without gradients: softmax, sigmoid, or (regression) the numbers themselves; [B L]. A text
  // whose logits are not all finite has NaN for each of them.
  std::vector<float> predict(std::span<const Encoding* const> batch);

  // config.json, model.safetensors and the tokenizer's files, as the reference library loads them.
  void save(const std::string& directory, const SaveOptions& options = {}) const {
    model_->save(directory, &tokenizer(), options);
  }

 private:
  TextClassifier(const std::string& directory, const TextClassifierOptions& options,
                 std::unique_ptr<Tokenizer> tokenizer);

  bool labels_are_numbers_ = false;  // before what sets it
  std::unique_ptr<TextModel> model_;
  TextEncoder encoder_;
};

}  // namespace thaw
