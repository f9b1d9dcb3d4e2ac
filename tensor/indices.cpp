// SPDX-License-Identifier: Apache-2.0
// Integers on both sides.
#include "tensor/indices.h"

namespace thaw {

Indices::Indices(std::vector<int32_t> values, Device device)
    : host_(std::make_shared<const std::vector<int32_t>>(std::move(values))),
      device_(Tensor::from_host(std::span<const int32_t>(*host_), {static_cast<int64_t>(host_->size())}, device)) {}

}  // namespace thaw
