// SPDX-License-Identifier: Apache-2.0
// A tensor that is saved beside the parameters: one that nothing reads, or a parameter under another name.
#pragma once

#include <string>

#include "tensor/tensor.h"

namespace thaw {

struct CarriedTensor {
  std::string name;
  Tensor value;  // on any device; rounded to the type of the weights that are saved
};

}  // namespace thaw
