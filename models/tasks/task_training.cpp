// SPDX-License-Identifier: Apache-2.0
// Weights read back, and what a run is known by.
#include "models/tasks/task_training.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/hub/change_directory.h"
#include "models/hub/change_file.h"
#include "models/hub/shards.h"
#include "models/tasks/checksum.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t numbers_looked_at = 256;  // of each tensor, to know the weights again

uint32_t weight_checksum(const ParameterStore& store) {
  uint32_t sum = 0;
  for (const Parameter& parameter : store.all()) {
    const Tensor& value = parameter.value();
    const Tensor flat = value.reshape({value.numel()}).slice(0, 0, std::min(numbers_looked_at, value.numel()));
    sum = parameter.compressed() ? checksum(flat.to_bytes(), sum) : checksum(flat.to_host<float>(), sum);
  }
  return sum;
}

}  // namespace

void load_weights(const ParameterStore& store, const std::filesystem::path& directory) {
  if (holds_change(directory.string())) {
    const std::string file = (directory / change_file_name).string();
    return copy_values(read_change(file).change, store, file);
  }
  const ModelWeights weights(directory.string());
  for (const Parameter& parameter : store.all()) {
    const SafetensorsEntry& entry = weights.at(parameter.name());
    const Tensor& value = parameter.value();
    check(Shape(entry.shape) == value.shape() && entry.thaw_dtype() == value.dtype(),
          "{}: {}: is {} {}, expected {} {}", directory.string(), entry.name, entry.dtype, Shape(entry.shape),
          safetensors_name(value.dtype()), value.shape());
    value.copy_from(Tensor::from_bytes(entry.bytes, value.shape(), value.dtype(), value.device()));
  }
}

Variable TaskTraining::loss_by_parts(std::span<const int64_t> examples, double weight, PartLosses& parts) {
  if (!has_parts_) return train_.loss(examples, weight);
  for (const int64_t& example : examples)
    parts.shares.push_back({train_.part(example), static_cast<int64_t>(train_.terms({&example, 1}))});
  return train_.loss_and_terms(examples, weight, parts.terms);
}

Fingerprint TaskTraining::identity() const {
  Fingerprint identity = model_.identity();
  identity.merge(train_.identity());
  identity[std::string(drawn_in_part) + called_("model")] = checksum_text(weight_checksum(model_.store()));
  return identity;
}

Fingerprint TaskTraining::validation_identity() const {
  if (!validation_) return {{"validation data", "none"}};
  std::string text = fmt::format("{} examples", validation_->size());
  for (const auto& [what, sum] : validation_->identity()) text += fmt::format(", {}: {}", what, sum);
  Fingerprint identity{{"validation data", text}};
  identity.merge(model_.judging_identity());
  return identity;
}

}  // namespace thaw
