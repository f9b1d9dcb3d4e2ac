// SPDX-License-Identifier: Apache-2.0
// Plain row-major numbers on the host: what tests compute with directly, to hold tensors against.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tensor/random_key.h"
#include "tensor/tensor.h"

namespace thaw {

struct Array {
  Shape shape;
  std::vector<double> values;

  explicit Array(const Shape& s, double value = 0) : shape(s), values(static_cast<size_t>(s.numel()), value) {}
  Array(const Shape& s, std::vector<double> v) : shape(s), values(std::move(v)) {
    REQUIRE(shape.numel() == static_cast<int64_t>(values.size()));
  }

  template <typename... Index>
  double& operator()(Index... index) {
    return values[static_cast<size_t>(position({static_cast<int64_t>(index)...}))];
  }
  template <typename... Index>
  double operator()(Index... index) const {
    return values[static_cast<size_t>(position({static_cast<int64_t>(index)...}))];
  }

 private:
  int64_t position(std::initializer_list<int64_t> index) const {
    int64_t at = 0;
    int axis = 0;
    for (const int64_t i : index) at = at * shape[axis++] + i;
    return at;
  }
};

// Numbers in [low, high), exact in f32; another `seed`, other numbers.
inline Array random_array(const Shape& shape, uint64_t seed, double low = -1, double high = 1) {
  Array array(shape);
  for (size_t i = 0; i < array.values.size(); ++i) {
    const uint32_t word = random_words({seed, 77}, i / 4)[i % 4];
    array.values[i] =
        static_cast<double>(static_cast<float>(low + (high - low) * (static_cast<double>(word >> 8) * 0x1p-24)));
  }
  return array;
}

inline Tensor to_tensor(const Array& array, DType dtype, Device device) {
  return Tensor::from_host(array.values, array.shape, device, dtype);
}
inline Array to_array(const Tensor& t) { return {t.shape(), t.to_host<double>()}; }

// max |got - want| / max(1, |want|); infinite where one is NaN or infinite and the other is not the same.
inline double difference(const std::vector<double>& got, const std::vector<double>& want) {
  REQUIRE(got.size() == want.size());
  double largest = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    if (got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i]))) continue;
    const double d = std::fabs(got[i] - want[i]) / std::max(1.0, std::fabs(want[i]));
    largest = std::max(largest, std::isfinite(d) ? d : std::numeric_limits<double>::infinity());
  }
  return largest;
}
inline double difference(const Tensor& got, const Array& want) {
  REQUIRE(got.shape().to_string() == want.shape.to_string());
  return difference(to_array(got).values, want.values);
}

}  // namespace thaw
