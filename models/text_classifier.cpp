// SPDX-License-Identifier: Apache-2.0
// Opens a classifier, deciding whether the checkpoint's head fits the labels.
#include "models/text_classifier.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr int64_t usual_length = 512;
constexpr const char* head = "classifier.*";

// Evaluation mode while it lives.
class Evaluation {
 public:
  explicit Evaluation(Mode& mode) : mode_(mode), before_(std::exchange(mode.training, false)) {}
  ~Evaluation() { mode_.training = before_; }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

 private:
  Mode& mode_;
  bool before_;
};

bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

// No names, or the ones that the reference makes up.
bool are_nameless(const std::vector<std::string>& labels) {
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] != fmt::format("LABEL_{}", i)) return false;
  }
  return true;
}

// Gives the model the labels that the caller wants, with a new head where the checkpoint's is for others.
void set_labels(BertCheckpoint& checkpoint, const std::vector<std::string>& labels) {
  BertConfig& config = checkpoint.config;
  if (labels.empty() || same_set(labels, config.labels)) return;
  const SafetensorsEntry* weight = checkpoint.source.find("classifier.weight");
  const bool fits = weight && !weight->shape.empty() && weight->shape[0] == static_cast<int64_t>(labels.size());
  if (weight && !(fits && are_nameless(config.labels))) {
    checkpoint.source.replace(head);
    checkpoint.source.note(
        fmt::format("the checkpoint's classifier is for other labels ({}): a new one is used",
                    config.labels.empty() ? "without names" : fmt::format("{}", fmt::join(config.labels, ", "))));
  }
  config.labels = labels;
}

BertCheckpoint open(const std::string& directory, const TextClassifierOptions& options) {
  BertCheckpoint checkpoint(directory);
  set_labels(checkpoint, options.labels);
  if (options.problem_type) checkpoint.config.problem_type = options.problem_type;
  check(checkpoint.config.problem() != ProblemType::single_label || checkpoint.config.num_labels() > 1,
        "{}: {} needs two labels or more", directory, name_of(ProblemType::single_label));
  return checkpoint;
}

Device device_of(const TextClassifierOptions& options) {
  return options.device.defined() ? options.device : Device::from_environment();
}

}  // namespace

int64_t length_limit(const BertConfig& config, const Tokenizer& tokenizer, int64_t wanted) {
  const int64_t positions = config.max_position_embeddings;
  check(wanted <= positions, "a length of {} tokens is more than the model has positions: {}", wanted, positions);
  if (wanted > 0) return wanted;
  const auto allowed = static_cast<int64_t>(tokenizer.max_length().value_or(usual_length));
  return std::min({positions, allowed, usual_length});
}

TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options)
    : tokenizer_(load_tokenizer(directory)),
      bert_(std::make_unique<PretrainedBert<BertForSequenceClassification>>(
          open(directory, options), device_of(options), options.dtype, options.seed)),
      max_length_(length_limit(config(), *tokenizer_, options.max_length)) {
  if (static_cast<int64_t>(tokenizer_->plain_vocab_size()) > config().vocab_size)
    fail("{}: the tokenizer has {} tokens, the model only {}", directory, tokenizer_->plain_vocab_size(),
         config().vocab_size);
}

Encoding TextClassifier::encode(std::string_view text, std::optional<std::string_view> pair) const {
  EncodeOptions options;
  options.truncation = Truncation::longest_first;
  options.max_length = static_cast<size_t>(max_length_);
  Encoding encoding = pair ? tokenizer_->encode_pair(text, *pair, options) : tokenizer_->encode(text, options);
  for (const int32_t id : encoding.ids)
    check(id < config().vocab_size, "the text has the added token {} (id {}), the model knows {} tokens only",
          quote(tokenizer_->token(id)), id, config().vocab_size);
  return encoding;
}

Variable TextClassifier::logits(std::span<const Encoding* const> batch) const {
  return bert_->model()(PackedText::from_encodings(batch, bert_->store().device()));
}

std::vector<float> TextClassifier::predict(std::span<const Encoding* const> batch) {
  const NoGrad no_grad;
  const Evaluation evaluation(bert_->store().mode());
  return classification_scores(problem(), logits(batch)).value().to_host<float>();
}

}  // namespace thaw
