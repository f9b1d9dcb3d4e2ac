// SPDX-License-Identifier: Apache-2.0
// Opens a classifier, deciding whether the checkpoint's head fits the labels.
#include "models/tasks/classification/text_classifier.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/families.h"
#include "models/hub/class_labels.h"
#include "models/hub/model_directory.h"
#include "nn/evaluation_mode.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr std::string_view architecture = "ForSequenceClassification";

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

// The checkpoint's classifier; null if it has none.
const SafetensorsEntry* find_head(TextCheckpoint& checkpoint, const std::string& weight) {
  const SafetensorsEntry* found = checkpoint.source().find(weight);
  return found && found->shape.size() == 2 && found->shape[0] > 0 ? found : nullptr;
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

HeadUse head_use(const PretrainedConfig& config, const TextClassifierOptions& options) {
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
bool set_labels(TextCheckpoint& checkpoint, const TextClassifierOptions& options) {
  PretrainedConfig& config = checkpoint.config();
  const std::string path(checkpoint.head(architecture).path), name = path + ".weight";
  const SafetensorsEntry* weight = find_head(checkpoint, name);
  const int64_t rows = weight ? weight->shape[0] : 0;
  const bool keeps_head = options.labels.empty() || head_use(config, options) != HeadUse::replaced;
  if (rows > 0 && !config.labels.empty() && rows != config.num_labels() && keeps_head)
    fail(
        "{}: tensor {}: its shape is {}, {} needs {}: config.json gives {} labels (num_labels before id2label and "
        "label2id), the weights are for {}",
        checkpoint.source().directory(), name, Shape{rows, weight->shape[1]}, name,
        Shape{config.num_labels(), weight->shape[1]}, config.num_labels(), rows);
  if (config.labels.empty() && (rows > 0 || options.labels.empty()))
    config.labels = made_up_labels(rows > 0 ? rows : 2);
  if (options.labels.empty()) return false;
  if (rows == 0 && !same_set(options.labels, config.labels)) config.labels = options.labels;
  if (rows == 0) return false;
  switch (head_use(config, options)) {
    case HeadUse::kept:
      if (options.labels.size() < config.labels.size())
        checkpoint.source().note(
            fmt::format("the checkpoint's classifier stays, with all of its labels ({})", listed(config.labels)));
      return false;
    case HeadUse::renamed: config.labels = options.labels; return false;
    case HeadUse::kept_by_number:
      checkpoint.source().note(fmt::format("the labels {} are taken as numbers of the checkpoint's classes ({})",
                                           listed(options.labels), listed(config.labels)));
      return true;
    case HeadUse::replaced: break;
  }
  checkpoint.source().replace(path + ".*");
  checkpoint.source().note(
      fmt::format("the checkpoint's classifier is for other labels ({}): a new one is used", listed(config.labels)));
  config.labels = options.labels;
  return false;
}

std::unique_ptr<TextModel> open(const std::string& directory, const TextClassifierOptions& options,
                                bool& labels_are_numbers) {
  const std::unique_ptr<TextCheckpoint> checkpoint = open_text_checkpoint(directory);
  labels_are_numbers = set_labels(*checkpoint, options);
  PretrainedConfig& config = checkpoint->config();
  if (options.problem_type) config.problem_type = options.problem_type;
  check(config.problem() != ProblemType::single_label || config.num_labels() > 1, "{}: {} needs two labels or more",
        directory, name_of(ProblemType::single_label));
  const Device device = options.device.defined() ? options.device : Device::from_environment();
  return checkpoint->build(architecture, device, options.dtype, options.seed, options.prepare);
}

// Tensors that no checkpoint gave are random: nothing is to be predicted from them.
void check_trained(const std::string& directory, const TextModel& model) {
  const std::vector<std::string>& missing = model.report().initialised;
  if (missing.empty()) return;
  const Json* architectures = model.config().json.find("architectures");
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

}  // namespace

TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options)
    : TextClassifier(directory, options, load_tokenizer(checked(directory))) {}

TextClassifier::TextClassifier(const TextClassifier& like, Device dry)
    : labels_are_numbers_(like.labels_are_numbers_), model_(like.model_->on_dry_device(dry)), encoder_(like.encoder_) {}

TextClassifier::TextClassifier(const std::string& directory, const TextClassifierOptions& options,
                               std::unique_ptr<Tokenizer> tokenizer)
    : model_(open(directory, options, labels_are_numbers_)),
      encoder_(directory, std::move(tokenizer), model_->limits(), options.max_length) {
  if (options.trained) check_trained(directory, *model_);
  encoder_.check_vocabulary();
}

Variable TextClassifier::logits(std::span<const Encoding* const> batch) const { return (*model_)(batch); }

std::vector<float> TextClassifier::predict(std::span<const Encoding* const> batch) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_->store().mode());
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

}  // namespace thaw
