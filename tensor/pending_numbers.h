// SPDX-License-Identifier: Apache-2.0
// All numbers of a tensor on their way to the host, as Tensor::to_host_later() brings a single one: losses of single
// terms, read a step later.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "tensor/backend.h"
#include "tensor/tensor.h"

namespace thaw {

class PendingNumbers {
 public:
  // Starts the copy. The tensor is of a floating type.
  explicit PendingNumbers(const Tensor& tensor);

  // Waits. In row-major order.
  std::vector<float> get();

 private:
  size_t count_;
  std::unique_ptr<PendingRead> read_;  // null: there are none
};

}  // namespace thaw
