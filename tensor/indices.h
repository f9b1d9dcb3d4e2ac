// SPDX-License-Identifier: Apache-2.0
// Ids, labels and positions: integers that the host made and both sides need (kernels gather by them; scatter sorts
// them on the host).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace thaw {

class Indices {
 public:
  Indices() = default;
  // Uploads at once; keeps the host copy.
  Indices(std::vector<int32_t> values, Device device);

  int64_t size() const { return host_ ? static_cast<int64_t>(host_->size()) : 0; }
  std::span<const int32_t> host() const {
    return host_ ? std::span<const int32_t>(*host_) : std::span<const int32_t>();
  }
  const Tensor& device() const { return device_; }  // i32 [size]
  const View& view() const { return device_.view(); }

 private:
  std::shared_ptr<const std::vector<int32_t>> host_;
  Tensor device_;
};

}  // namespace thaw
