// SPDX-License-Identifier: Apache-2.0
// How many numbers a model has, before it is made.
#pragma once

#include <optional>
#include <string>

#include "nn/parameter.h"

namespace thaw {

// A source that has every parameter, none of which takes memory, and counts their numbers.
class WeightCount : public TensorSource {
 public:
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override;
  double numbers() const { return numbers_; }

 private:
  double numbers_ = 0;
};

// std::runtime_error naming config.json of `directory`, how many bytes the weights of a model would take, and how many
// the device has, if these are fewer. Of a device that does not know: how many the machine has, which draws them.
void check_room_for_weights(const std::string& directory, const WeightCount& count, DType dtype, const Device& device);

}  // namespace thaw
