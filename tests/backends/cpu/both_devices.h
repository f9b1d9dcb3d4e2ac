// SPDX-License-Identifier: Apache-2.0
// Runs one function on the cpu and the reference device with the same inputs and compares what comes out.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "tensor/ops.h"

namespace thaw::test {

// Numbers in [low, high), the same for the same stream.
inline Tensor random_tensor(const Shape& shape, Device device, uint64_t stream, double low = -1, double high = 1) {
  std::vector<float> values(static_cast<size_t>(shape.numel()));
  for (size_t i = 0; i < values.size(); ++i) {
    const double u = (random_words({7, stream}, i / 4)[i % 4] >> 8) * 0x1p-24;
    values[i] = static_cast<float>(low + (high - low) * u);
  }
  return Tensor::from_host(std::span<const float>(values), shape, device);
}

// Sum of squared differences over the sum of squares; NaN only equals NaN, and infinity itself.
inline double normalized_error(const std::vector<float>& got, const std::vector<float>& wanted) {
  if (got.size() != wanted.size()) return INFINITY;
  double difference = 0, size = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(wanted[i]) && std::isnan(got[i])) continue;
    if (got[i] == wanted[i]) {
      if (std::isfinite(wanted[i])) size += double{wanted[i]} * wanted[i];
      continue;
    }
    if (!std::isfinite(got[i]) || !std::isfinite(wanted[i])) return INFINITY;
    difference += (double{got[i]} - wanted[i]) * (double{got[i]} - wanted[i]);
    size += double{wanted[i]} * wanted[i];
  }
  return difference == 0 ? 0 : difference / size;
}

// f(device) returns the tensors that both devices must agree on.
template <typename F>
void check_both(const std::string& what, const F& f, double tolerance = 1e-10) {
  const std::vector<Tensor> got = f(Device::open("cpu")), wanted = f(Device::open("reference"));
  REQUIRE(got.size() == wanted.size());
  for (size_t i = 0; i < got.size(); ++i) {
    CAPTURE(what);
    CAPTURE(i);
    if (!wanted[i].defined()) continue;
    CHECK(got[i].shape() == wanted[i].shape());
    if (wanted[i].dtype() == DType::i32) {
      CHECK(got[i].to_host<int32_t>() == wanted[i].to_host<int32_t>());
    } else {
      CHECK(normalized_error(got[i].to_host<float>(), wanted[i].to_host<float>()) <= tolerance);
    }
  }
}

}  // namespace thaw::test
