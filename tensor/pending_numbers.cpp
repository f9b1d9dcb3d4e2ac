// SPDX-License-Identifier: Apache-2.0
// Starts a copy of a dense tensor.
#include "tensor/pending_numbers.h"

namespace thaw {

PendingNumbers::PendingNumbers(const Tensor& tensor) : count_(0) {
  check_defined("numbers on their way to the host", "the tensor", tensor);
  count_ = static_cast<size_t>(tensor.numel());
  if (count_ == 0) return;
  const Tensor dense = tensor.to(DType::f32).contiguous();
  const View& view = dense.view();
  read_ = dense.device().backend().download_later(*view.block, static_cast<size_t>(view.offset) * sizeof(float),
                                                  count_ * sizeof(float));
}

std::vector<float> PendingNumbers::get() {
  if (!read_) return {};
  const auto* first = static_cast<const float*>(read_->wait());
  return {first, first + count_};
}

}  // namespace thaw
