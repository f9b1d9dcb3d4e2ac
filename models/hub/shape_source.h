// SPDX-License-Identifier: Apache-2.0
// A source that has every parameter, and no numbers: for models on a device that computes nothing
// (tensor/dry_device.h).
#pragma once

#include <optional>
#include <string>

#include "nn/parameter.h"

namespace thaw {

class ShapeSource : public TensorSource {
 public:
  std::optional<Tensor> load(const std::string&, const Shape& shape, DType dtype, Device device) override {
    return Tensor::empty(shape, dtype, device);
  }
};

}  // namespace thaw
