// SPDX-License-Identifier: Apache-2.0
// Losses of training batches, metrics of whole data sets.
#include "examples/thaw/classification_task.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "autograd/functions.h"
#include "examples/thaw/scores.h"
#include "nn/evaluation_mode.h"
#include "tensor/check.h"
#include "tensor/io/crc32c.h"

namespace thaw {
namespace {

// Of evaluation: nothing is kept for gradients, so batches may be large; longer ones only cost memory.
constexpr int64_t evaluation_batch_size = 128;
constexpr int64_t evaluation_batch_tokens = 4096;

constexpr size_t longest_list = 200;        // bytes of labels that an error shows
constexpr int64_t numbers_looked_at = 256;  // of each tensor, to know the weights again

template <typename T>
uint32_t checksum(const std::vector<T>& values, uint32_t before) {
  return crc32c({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}, before);
}

std::string token_checksum(const EncodedTexts& texts) {
  uint32_t sum = checksum(texts.lengths, 0);
  for (const Encoding& encoding : texts.encodings) sum = checksum(encoding.type_ids, checksum(encoding.ids, sum));
  return fmt::format("checksum {:08x}", sum);
}

std::string target_checksum(const EncodedTexts& texts) {
  return fmt::format("checksum {:08x}", checksum(texts.targets.values, checksum(texts.targets.classes, 0)));
}

std::string weight_checksum(const ParameterStore& store) {
  uint32_t sum = 0;
  for (const Parameter& parameter : store.all()) {
    const Tensor& value = parameter.value();
    const Tensor flat = value.reshape({value.numel()});
    sum = checksum(flat.slice(0, 0, std::min(numbers_looked_at, value.numel())).to_host<float>(), sum);
  }
  return fmt::format("checksum {:08x}", sum);
}

std::string tokenizer_checksum(const Tokenizer& tokenizer) {
  std::map<std::string, uint32_t> sums;
  for (const TokenizerFile& file : tokenizer.files()) sums[file.name] = crc32c(file.content);
  return fmt::format("checksum {:08x}", crc32c(fmt::format("{}", fmt::join(sums, " "))));
}

std::string list_of(const std::vector<std::string>& labels) {
  const std::string list = fmt::format("[{}]", fmt::join(labels, ", "));
  return list.size() <= longest_list ? list : fmt::format("{} (checksum {:08x})", labels.size(), crc32c(list));
}

}  // namespace

Metrics evaluate_classifier(TextClassifier& model, const EncodedTexts& data) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.store().mode());
  const auto width = static_cast<size_t>(model.num_labels());
  std::vector<float> logits(static_cast<size_t>(data.size()) * width);
  double loss = 0;
  const BatchOptions options{.batch_size = evaluation_batch_size, .batch_tokens = evaluation_batch_tokens};
  for (const std::vector<int64_t>& batch : evaluation_batches(data.lengths, options)) {
    const Variable y = model.logits(data.pick(batch));
    loss += static_cast<double>(
        model.loss(y, data.pick_targets(batch, model.problem(), model.num_labels()), 1).value().item());
    const std::vector<float> rows = y.value().to_host<float>();
    for (size_t i = 0; i < batch.size(); ++i)
      std::copy_n(rows.begin() + static_cast<ptrdiff_t>(i * width), width,
                  logits.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(batch[i]) * width));
  }
  Metrics metrics = score(model.problem(), logits, data.targets, model.num_labels());
  metrics["loss"] = loss / static_cast<double>(data.size());
  return metrics;
}

Variable ClassificationTask::loss(std::span<const int64_t> examples, double weight) {
  const Variable logits = model_.logits(train_.pick(examples));
  return model_.loss(logits, train_.pick_targets(examples, model_.problem(), model_.num_labels()), weight);
}

Metrics ClassificationTask::evaluate() { return validation_ ? evaluate_classifier(model_, *validation_) : Metrics{}; }

std::vector<std::string> ClassificationTask::metric_names() const { return thaw::metric_names(model_.problem()); }

Fingerprint ClassificationTask::identity() const {
  const BertConfig& c = model_.config();
  return {{"labels", list_of(model_.labels())},
          {"problem_type", std::string(name_of(model_.problem()))},
          {"texts, as token ids", token_checksum(train_)},
          {"labels of the texts", target_checksum(train_)},
          {"files of the tokenizer", tokenizer_checksum(model_.tokenizer())},
          {"weights of --model", weight_checksum(model_.store())},
          {"hidden_act", c.hidden_act},
          {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
          {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
          {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
          {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
          {"classifier_dropout", fmt::format("{}", c.head_dropout())}};
}

Fingerprint ClassificationTask::validation_identity() const {
  if (!validation_) return {{"validation data", "none"}};
  return {{"validation data", fmt::format("{} examples, {}, labels' {}", validation_->size(),
                                          token_checksum(*validation_), target_checksum(*validation_))}};
}

void ClassificationTask::load_model(const std::filesystem::path& directory) {
  const ModelWeights weights(directory.string());
  for (const Parameter& parameter : model_.store().all()) {
    const SafetensorsEntry& entry = weights.at(parameter.name());
    const Tensor& value = parameter.value();
    check(Shape(entry.shape) == value.shape() && entry.thaw_dtype() == value.dtype(),
          "{}: {}: is {} {}, expected {} {}", directory.string(), entry.name, entry.dtype, Shape(entry.shape),
          safetensors_name(value.dtype()), value.shape());
    value.copy_from(Tensor::from_bytes(entry.bytes, value.shape(), value.dtype(), value.device()));
  }
}

}  // namespace thaw
