// SPDX-License-Identifier: Apache-2.0
// Looks through values, then gradients.
#include "nn/train/nonfinite.h"

#include <algorithm>
#include <cmath>

#include "tensor/ops.h"

namespace thaw {
namespace {

bool all_finite(const Tensor& tensor) {
  const std::vector<float> values = tensor.to_host<float>();
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

bool weights_are_finite(const ParameterStore& store) {
  std::vector<Tensor> values;
  for (const Parameter& p : store.trained()) values.push_back(p.value());
  return std::isfinite(sum_squares(values).item());
}

std::string first_nonfinite(const ParameterStore& store) {
  for (const Parameter& p : store.trained())
    if (!all_finite(p.value())) return p.name();
  for (const Parameter& p : store.trained())
    if (const Tensor g = p.variable().grad(); g.defined() && !all_finite(g)) return "the gradient of " + p.name();
  return {};
}

}  // namespace thaw
