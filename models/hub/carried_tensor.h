// SPDX-License-Identifier: Apache-2.0
// A tensor of a checkpoint that goes along into what is saved without being a parameter.
#pragma once

#include <string>

#include "tensor/tensor.h"

namespace thaw {

struct CarriedTensor {
  std::string name;
  Tensor value;  // in host memory
};

}  // namespace thaw
