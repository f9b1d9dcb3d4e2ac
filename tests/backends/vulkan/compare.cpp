// SPDX-License-Identifier: Apache-2.0
// Holding Vulkan's kernels to the reference backend's.
#include "tests/backends/vulkan/compare.h"

#include <doctest/doctest.h>

#include <cmath>

#include "backends/vulkan/validation.h"
#include "tensor/random_key.h"

namespace thaw::test {
namespace {

// sum (a - b)^2 / sum b^2. Infinities and NaNs must stand in the same places.
double normalised_error(const std::vector<float>& a, const std::vector<float>& b) {
  double error = 0, size = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
    if (!std::isfinite(y)) {
      if (std::isnan(y) ? !std::isnan(x) : x != y) return INFINITY;
      continue;
    }
    error += (x - y) * (x - y);
    size += y * y;
  }
  return error == 0 ? 0 : error / size;
}

}  // namespace

Device vulkan_device() {
  static const Device device = [] {
    for (const DeviceInfo& info : list_devices())
      if (info.usable && info.name.starts_with("vulkan")) return Device::open("vulkan");
    MESSAGE("there is no Vulkan device: its tests do nothing");
    return Device();
  }();
  return device;
}

std::vector<float> normal_numbers(uint64_t seed, int64_t count) {
  std::vector<float> numbers;
  for (uint64_t block = 0; numbers.size() < static_cast<size_t>(count); ++block) {
    // The sum of four uniform numbers, mean 0 and variance 1.
    float sum = 0;
    for (uint32_t word : random_words({seed, 7}, block)) sum += static_cast<float>(word >> 8) * 0x1p-24f - 0.5f;
    numbers.push_back(sum * 1.7320508f);
  }
  return numbers;
}

Tensor normal(uint64_t seed, const Shape& shape, Device device, DType dtype) {
  return Tensor::from_host(normal_numbers(seed, shape.numel()), shape, device, dtype);
}

Tensor scattered(uint64_t seed, const Shape& shape, Device device) {
  // Memory of the axes in reverse order, each a little longer.
  std::vector<int64_t> sizes;
  std::vector<int> axes;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    sizes.push_back(shape[axis] + 3);
    axes.push_back(axis);
  }
  Tensor tensor = normal(seed, Shape(sizes), device).permute(axes);
  for (int axis = 0; axis < shape.rank(); ++axis) tensor = tensor.slice(axis, 1, 1 + shape[axis]);
  return tensor;
}

void check_against_reference(const std::function<std::vector<Tensor>(Device)>& compute, double bound) {
  if (const Device device = vulkan_device(); device.defined()) check_against_reference(device, compute, bound);
}

void check_against_reference(Device device, const std::function<std::vector<Tensor>(Device)>& compute, double bound) {
  const uint64_t messages = vulkan::validation_messages();
  const std::vector<Tensor> expected = compute(Device::open("reference"));
  const std::vector<Tensor> once = compute(device), again = compute(device);
  REQUIRE(once.size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    REQUIRE(once[i].shape() == expected[i].shape());
    const std::vector<float> got = once[i].to_host<float>();
    CHECK(normalised_error(got, expected[i].to_host<float>()) <= bound);
    CHECK(once[i].to_bytes() == again[i].to_bytes());
  }
  CHECK(vulkan::validation_messages() == messages);
}

}  // namespace thaw::test
