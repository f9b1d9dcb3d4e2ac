// SPDX-License-Identifier: Apache-2.0
// Counts in floating point: sizes of a damaged configuration are beyond what integers hold.
#include "models/hub/weight_count.h"

#include "tensor/check.h"
#include "tensor/device_memory.h"

namespace thaw {

std::optional<Tensor> WeightCount::load(const std::string&, const Shape& shape, DType dtype, Device device) {
  double numbers = 1;
  for (const int64_t size : shape) numbers *= static_cast<double>(size);
  numbers_ += numbers;
  return Tensor::full({}, 0, dtype, device).expand(shape);
}

void check_room_for_weights(const std::string& directory, const WeightCount& count, DType dtype, const Device& device) {
  const auto own = static_cast<double>(device_memory(device).total);
  const double there = own > 0 ? own : static_cast<double>(device_memory(Device::open("reference")).total);
  const double bytes = count.numbers() * static_cast<double>(size_of(dtype));
  if (there > 0 && bytes > there)
    fail("{}/config.json: a model of {:.1f} billion parameters: its weights alone are {:.1f} GB, {} has {:.1f} GB",
         directory, count.numbers() / 1e9, bytes / 1e9, own > 0 ? device.name() : "the machine", there / 1e9);
}

}  // namespace thaw
