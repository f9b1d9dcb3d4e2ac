// SPDX-License-Identifier: Apache-2.0
// The made-up task.
#include "tests/nn/train/small_task.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "autograd/functions.h"
#include "tensor/check.h"
#include "tensor/io/tensor_file.h"

namespace thaw {

SmallTask::SmallTask(ParameterStore& store, int64_t examples, double dropout)
    : store_(store),
      words_(Scope(store) / "words", 20, 8, Init::normal(0.5)),
      norm_(Scope(store) / "norm", 8, 1e-5),
      dropout_(Scope(store), dropout),
      head_(Scope(store) / "head", 8, 3, Init::normal(0.5)) {
  for (int64_t e = 0; e < examples; ++e) {
    const auto words = random_words({99, 0}, static_cast<uint64_t>(e));
    std::vector<int32_t> text;
    for (uint32_t i = 0; i < 2 + words[0] % 8; ++i)
      text.push_back(static_cast<int32_t>(random_words({99, 1 + i}, static_cast<uint64_t>(e))[0] % 20));
    lengths_.push_back(static_cast<int64_t>(text.size()));
    texts_.push_back(std::move(text));
  }
}

Variable SmallTask::logits(std::span<const int64_t> examples) const {
  std::vector<int32_t> ids;
  std::vector<float> share;  // [examples, tokens]: 1 / length where the token belongs to the example
  int64_t tokens = 0, begin = 0;
  for (const int64_t e : examples) tokens += lengths_[static_cast<size_t>(e)];
  for (const int64_t e : examples) {
    const auto& text = texts_[static_cast<size_t>(e)];
    const auto length = static_cast<int64_t>(text.size());
    for (int64_t t = 0; t < tokens; ++t)
      share.push_back(t >= begin && t < begin + length ? 1 / static_cast<float>(length) : 0);
    ids.insert(ids.end(), text.begin(), text.end());
    begin += length;
  }
  const Device device = store_.device();
  const Tensor mean = Tensor::from_host(share, {static_cast<int64_t>(examples.size()), tokens}, device);
  return head_(dropout_(norm_(matmul(Variable(mean), words_(Indices(ids, device))))));
}

Indices SmallTask::labels(std::span<const int64_t> examples) const {
  std::vector<int32_t> classes;
  for (const int64_t e : examples) classes.push_back(texts_[static_cast<size_t>(e)][0] % 3);
  return Indices(classes, store_.device());
}

Variable SmallTask::loss(std::span<const int64_t> examples, double weight) {
  return loss_of(examples, weight, nullptr);
}

Variable SmallTask::loss_by_parts(std::span<const int64_t> examples, double weight, PartLosses& parts) {
  if (!part) return loss(examples, weight);
  for (const int64_t example : examples) parts.shares.push_back({part(example), 1});
  return loss_of(examples, weight, &parts.terms);
}

Variable SmallTask::loss_of(std::span<const int64_t> examples, double weight, Tensor* rows) {
  if (stop_call == calls) stopping = true;
  const Variable loss = cross_entropy(logits(examples), labels(examples), {}, weight, rows);
  if (poisoned_call == calls++) poisoned_.assign(examples.begin(), examples.end());
  return std::ranges::equal(examples, poisoned_) ? scale(loss, std::numeric_limits<double>::infinity()) : loss;
}

Metrics SmallTask::evaluate() {
  if (!validates) return {};
  std::vector<int64_t> all(texts_.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  const Variable y = logits(all);
  const double loss = cross_entropy(y, labels(all)).value().item<double>();
  const double right = accuracy(argmax(y.value()).to_host<int32_t>(), labels(all).host());
  at_evaluation.push_back(head_.weight.value().to_host<float>());
  const auto number = static_cast<size_t>(evaluations++);
  return {{"loss", loss}, {"accuracy", number < metrics_to_report.size() ? metrics_to_report[number] : right}};
}

void SmallTask::save_model(const std::filesystem::path& directory) const {
  if (failing_save == saves++) fail("{}: No space left on device", (directory / "model.safetensors").string());
  std::map<std::string, Tensor> tensors;
  for (const Parameter& p : store_.all()) tensors.emplace(p.name(), p.value());
  write_tensors(directory / "model.safetensors", tensors);
}

void SmallTask::load_model(const std::filesystem::path& directory) {
  const auto tensors = read_tensors(directory / "model.safetensors", store_.device());
  for (const Parameter& p : store_.all()) p.value().copy_from(tensors.at(p.name()));
}

TrainingOptions small_training(const std::filesystem::path& directory) {
  TrainingOptions options;
  options.output_dir = directory;
  options.progress = nullptr;
  options.batches.batch_size = 6;
  options.learning_rate = 0.02;
  return options;
}

std::vector<float> all_values(const ParameterStore& store) {
  std::vector<float> all;
  for (const Parameter& p : store.all()) {
    const std::vector<float> values = p.value().to_host<float>();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

}  // namespace thaw
