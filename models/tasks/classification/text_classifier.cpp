// SPDX-License-Identifier: Apache-2.0
// Opens a classifier, deciding whether the checkpoint's head fits the labels.
#include "models/tasks/classification/text_classifier.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/hub/class_labels.h"
#include "models/hub/model_directory.h"
#include "nn/evaluation_mode.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr const char* head = "classifier.*";

bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

bool holds(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

bool is_number(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

// The rows of the checkpoint's classifier; 0: it has none.
int64_t head_rows(const Checkpoint<BertConfig>& checkpoint) {
  const SafetensorsEntry* weight = checkpoint.source.find("classifier.weight");
  return weight && weight->shape.size() == 2 ? weight->shape[0] : 0;
}

// Are they "0", "1", ..., numbers of `count` classes whose own names are no numbers?
bool are_class_numbers(const std::vector<std::string>& labels, const std::vector<std::string>& classes) {
  if (std::ranges::all_of(classes, is_number)) return false;
  std::vector<std::string> numbers;
  for (size_t i = 0; i < classes.size(); ++i) numbers.push_back(std::to_string(i));
  return std::ranges::all_of(labels, [&](const std::string& label) { return holds(numbers, label); });
}

// How labels that a caller has fit the checkpoint's head.
enum class HeadUse { kept, kept_by_number, renamed, replaced };

HeadUse head_use(const BertConfig& config, const TextClassifierOptions& options) {
  const std::vector<std::string>&wanted = options.labels, &known = config.labels;
  if (options.problem_type == ProblemType::regression)
    return wanted.size() == known.size() ? HeadUse::kept : HeadUse::replaced;
  if (same_set(wanted, known)) return HeadUse::kept;
  const bool nameless = known == made_up_labels(config.num_labels());
  if (nameless && wanted.size() == known.size()) return HeadUse::renamed;
  if (std::ranges::all_of(wanted, [&](const std::string& label) { return holds(known, label); })) return HeadUse::kept;
  return are_class_numbers(wanted, known) ? HeadUse::kept_by_number : HeadUse::replaced;
}

// Gives the model the labels that the caller wants, with a new head where the checkpoint's is for others. True if the
// caller's are the numbers of the checkpoint's classes.
bool set_labels(Checkpoint<BertConfig>& checkpoint, const TextClassifierOptions& options) {
  BertConfig& config = checkpoint.config;
  const int64_t rows = head_rows(checkpoint);
  const bool keeps_head = options.labels.empty() || head_use(config, options) != HeadUse::replaced;
  if (rows > 0 && !config.labels.empty() && rows != config.num_labels() && keeps_head)
    fail(
        "{}: tensor classifier.weight: its shape is {}, classifier.weight needs {}: config.json gives {} labels "
        "(num_labels before id2label and label2id), the weights are for {}",
        checkpoint.source.directory(), Shape{rows, config.hidden_size}, Shape{config.num_labels(), config.hidden_size},
        config.num_labels(), rows);
  if (config.labels.empty() && (rows > 0 || options.labels.empty()))
    config.labels = made_up_labels(rows > 0 ? rows : 2);
  if (options.labels.empty()) return false;
  if (rows == 0 && !same_set(options.labels, config.labels)) config.labels = options.labels;
  if (rows == 0) return false;
  switch (head_use(config, options)) {
    case HeadUse::kept:
      if (options.labels.size() < config.labels.size())
        checkpoint.source.note(
            fmt::format("the checkpoint's classifier stays, with all of its labels ({})", listed(config.labels)));
      return false;
    case HeadUse::renamed: config.labels = options.labels; return false;
    case HeadUse::kept_by_number:
      checkpoint.source.note(fmt::format("the labels {} are taken as numbers of the checkpoint's classes ({})",
                                         listed(options.labels), listed(config.labels)));
      return true;
    case HeadUse::replaced: break;
  }
  checkpoint.source.replace(head);
  checkpoint.source.note(
      fmt::format("the checkpoint's classifier is for other labels ({}): a new one is used", listed(config.labels)));
  config.labels = options.labels;
  return false;
}

Checkpoint<BertConfig> open(const std::string& directory, const TextClassifierOptions& options,
                            bool& labels_are_numbers) {
  Checkpoint<BertConfig> checkpoint(directory);
  labels_are_numbers = set_labels(checkpoint, options);
  if (options.problem_type) checkpoint.config.problem_type = options.problem_type;
  check(checkpoint.config.problem() != ProblemType::single_label || checkpoint.config.num_labels() > 1,
        "{}: {} needs two labels or more", directory, name_of(ProblemType::single_label));
  return checkpoint;
}

// Tensors that no checkpoint gave are random: nothing is to be predicted from them.
void check_trained(const std::string& directory, const Pretrained<BertForSequenceClassification>& bert) {
  const std::vector<std::string>& missing = bert.report().initialised;
  if (missing.empty()) return;
  const Json* architectures = bert.config().json.find("architectures");
  const bool is_named = architectures && architectures->is_array() && !architectures->empty();
  const std::string kind = is_named ? fmt::format(" ({})", architectures->at(0).describe()) : "";
  if (holds(missing, "classifier.weight"))
    fail(
        "{}: the checkpoint{} has no trained head for whole texts (without {} there is nothing to predict): "
        "train it first",
        directory, kind, listed(missing));
  fail("{}: the checkpoint{} lacks {}: predictions would come from random numbers", directory, kind, listed(missing));
}

const std::string& checked(const std::string& directory) {
  check_model_directory(directory);
  return directory;
}

TextLimits text_limits(const BertConfig& config) {
  return {config.max_position_embeddings, config.vocab_size, config.type_vocab_size};
}

Device device_of(const TextClassifierOptions& options) {
  return options.device.defined() ? options.device : Device::from_environment();
}

}  // namespace

ClassifierFacts read_classifier_facts(const std::string& directory) {
  const auto config = read_config<BertConfig>(directory);
  return {config.labels, config.problem_type, text_limits(config)};
}

TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options)
    : TextClassifier(directory, options, load_tokenizer(checked(directory))) {}

TextClassifier::TextClassifier(const TextClassifier& like, Device dry)
    : labels_are_numbers_(like.labels_are_numbers_),
      bert_(std::make_unique<Pretrained<BertForSequenceClassification>>(*like.bert_, dry)),
      encoder_(like.encoder_) {
  set_checkpointing(like.model().bert.checkpointing);
}

TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options,
                               std::unique_ptr<Tokenizer> tokenizer)
    : bert_(std::make_unique<Pretrained<BertForSequenceClassification>>(
          open(directory, options, labels_are_numbers_), device_of(options), options.dtype, options.seed)),
      encoder_(directory, std::move(tokenizer), text_limits(config()), options.max_length) {
  if (options.trained) check_trained(directory, *bert_);
  encoder_.check_vocabulary();
}

Variable TextClassifier::logits(std::span<const Encoding* const> batch) const {
  return bert_->model()(BertInput::from_encodings(batch, bert_->store().device()));
}

std::vector<float> TextClassifier::predict(std::span<const Encoding* const> batch) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(bert_->store().mode());
  const Variable y = logits(batch);
  std::vector<float> scores = classification_scores(problem(), y).value().to_host<float>();
  const std::vector<float> raw = y.value().to_host<float>();
  const auto width = static_cast<size_t>(num_labels());
  for (size_t row = 0; row < raw.size(); row += width) {
    const auto is_finite = [](float x) { return std::isfinite(x); };
    if (!std::ranges::all_of(std::span(raw).subspan(row, width), is_finite))
      std::ranges::fill(std::span(scores).subspan(row, width), std::numeric_limits<float>::quiet_NaN());
  }
  return scores;
}

Fingerprint TextClassifier::switches() const {
  const BertConfig& c = config();
  return {{"hidden_act", c.hidden_act},
          {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
          {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
          {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
          {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
          {"classifier_dropout", fmt::format("{}", c.head_dropout())}};
}

}  // namespace thaw
