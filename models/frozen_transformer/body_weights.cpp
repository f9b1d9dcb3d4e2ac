// SPDX-License-Identifier: Apache-2.0
// Finds tensors under both names, or makes them of random ones.
#include "models/frozen_transformer/body_weights.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "models/frozen_transformer/frozen_transformer.h"
#include "models/hub/change_directory.h"
#include "models/hub/shared_weights.h"
#include "tensor/check.h"

namespace thaw {
namespace {

struct Statistics {
  double mean = 0, deviation = 0;
};

Statistics statistics_of(const std::vector<double>& numbers) {
  Statistics s;
  for (const double x : numbers) s.mean += x;
  s.mean /= static_cast<double>(numbers.size());
  for (const double x : numbers) s.deviation += (x - s.mean) * (x - s.mean);
  s.deviation = std::sqrt(s.deviation / static_cast<double>(numbers.size()));
  return s;
}

// Numbers that are all alike (biases of 0, gains of 1) have no shape to be scaled: they all become the mean.
Tensor with_statistics(const Tensor& random, const Tensor& model) {
  std::vector<double> numbers = random.to_host<double>();
  const Statistics from = statistics_of(numbers), to = statistics_of(model.to_host<double>());
  for (double& x : numbers) x = to.mean + (from.deviation > 0 ? (x - from.mean) * to.deviation / from.deviation : 0);
  return Tensor::from_host(numbers, random.shape(), random.device(), random.dtype());
}

}  // namespace

BodySource::BodySource(CheckpointSource& files, const ParameterStore* drawn, bool keeps_statistics)
    : files_(files), drawn_(drawn), keeps_statistics_(keeps_statistics) {
  const std::string& directory = files.directory();
  if (files.first_weights() == FirstWeights::checkpoint && SharedWeights::current() && holds_change(directory))
    touched_ = touched_by_change(directory);
}

std::optional<Tensor> BodySource::load(const std::string& name, const Shape& shape, DType dtype, Device device) {
  if (auto own = files_.load(name, shape, dtype, device)) return own;
  if (files_.find(name)) return {};  // a change brings it whole
  const std::string_view path = FrozenTransformer::body_path;
  if (!name.starts_with(path)) return {};
  // Where it is replaced, it is read all the same: what the files have more than the body is told then.
  auto found = files_.load(name.substr(path.size() + 1), shape, dtype, device);
  if (drawn_ && !keeps_statistics_) return drawn_->find(name).value();
  if (!found) return {};
  if (drawn_) return with_statistics(drawn_->find(name).value(), *found);
  // The change tells of it by this name, the files know another: what they take for untouched is shared.
  return std::ranges::find(touched_, name) == touched_.end() ? found : found->clone();
}

}  // namespace thaw
