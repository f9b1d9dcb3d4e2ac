// SPDX-License-Identifier: Apache-2.0
// TextClassifier: a Hugging Face directory opened for classifying texts or pairs of texts: weights, configuration,
// tokenizer in one object.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/variable.h"
#include "models/bert_config.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/save_pretrained.h"
#include "models/text/tokenizer.h"
#include "nn/parameter.h"

namespace thaw {

class BertForSequenceClassification;

struct TextClassifierOptions {
  Device device; // undefined: Device::from_environment()
  DType dtype = DType::f32;
  uint64_t seed = 42;                      // of what the checkpoint does not hold
  std::vector<std::string> labels;         // empty: the checkpoint's own
  std::optional<ProblemType> problem_type; // absent: the checkpoint's own
  int64_t max_length = 0;                  // tokens a text or pair is cut to; 0: what the model takes, at most 512
};

// The truth about some examples, in their order.
struct ClassificationTargets {
  std::vector<int32_t> classes; // single_label: [B]
  std::vector<float> values;    // multi_label: 0 or 1, regression: numbers; [B, num_labels] row-major
};

class TextClassifier {
 public:
  // Opens a directory. Where the checkpoint has no head, or `labels` are other ones than its own, the head is new
  // (report() says so). Labels that are the checkpoint's own in another order keep its order. Errors: one line that
  // names the file and what is wrong.
  explicit TextClassifier(const std::string& directory, const TextClassifierOptions& options = {});
  ~TextClassifier();
  TextClassifier(const TextClassifier&) = delete;
  TextClassifier& operator=(const TextClassifier&) = delete;

  const BertConfig& config() const { return config_; }
  const std::vector<std::string>& labels() const { return config_.labels; } // by class number
  int64_t num_labels() const { return config_.num_labels(); }
  ProblemType problem() const { return config_.problem(); }
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  ParameterStore& store() { return store_; }
  const LoadReport& report() const { return report_; }
  int64_t max_length() const { return max_length_; }

  // Tokens of a text, or of a pair if `pair` is not empty; cut to max_length (longest first).
  Encoding encode(std::string_view text, std::string_view pair = {}) const;

  // [B, num_labels]. Training or evaluation: store().mode().training.
  Variable logits(std::span<const Encoding* const> batch) const;
  // Sum over the examples of their loss, divided by `count` (0: by their number): cross-entropy; or mean over the
  // labels of the binary cross-entropy or of the squared error.
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const;
  // Evaluation mode, no gradients: softmax, sigmoid, or (regression) the numbers themselves; [B * num_labels].
  std::vector<float> predict(std::span<const Encoding* const> batch);

  // config.json, model.safetensors, tokenizer files, as the reference library loads them.
  void save(const std::string& directory, const SaveOptions& options = {}) const;

 private:
  BertConfig config_;
  std::unique_ptr<Tokenizer> tokenizer_;
  ParameterStore store_;
  std::unique_ptr<BertForSequenceClassification> model_;
  LoadReport report_;
  int64_t max_length_ = 0;
};

} // namespace thaw
