// SPDX-License-Identifier: Apache-2.0
// Losses of training batches, metrics of whole data sets.
#include "examples/thaw/classification_task.h"

#include <algorithm>
#include <utility>

#include "autograd/functions.h"
#include "examples/thaw/scores.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Of evaluation: nothing is kept for gradients, so batches may be large; longer ones only cost memory.
constexpr int64_t evaluation_batch_size = 128;
constexpr int64_t evaluation_batch_tokens = 4096;

}  // namespace

Metrics evaluate_classifier(TextClassifier& model, const EncodedTexts& data) {
  const NoGrad no_grad;
  Mode& mode = model.store().mode();
  const bool was_training = std::exchange(mode.training, false);
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
  mode.training = was_training;
  Metrics metrics = score(model.problem(), logits, data.targets, model.num_labels());
  metrics["loss"] = loss / static_cast<double>(data.size());
  return metrics;
}

Variable ClassificationTask::loss(std::span<const int64_t> examples, double weight) {
  const Variable logits = model_.logits(train_.pick(examples));
  return model_.loss(logits, train_.pick_targets(examples, model_.problem(), model_.num_labels()), weight);
}

Metrics ClassificationTask::evaluate() { return validation_ ? evaluate_classifier(model_, *validation_) : Metrics{}; }

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
