// SPDX-License-Identifier: Apache-2.0
// View = memory block + offset + shape + strides + dtype: what a kernel sees of a tensor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace thaw {

class Backend;

// A piece of device memory. Made and destroyed by its backend's allocate() and release(); tensors share it (tensor.h).
struct Block {
  Backend* backend = nullptr;
  void* data = nullptr;   // host address where the device's memory has one (reference, cpu), else null
  uint64_t handle = 0;    // the backend's own key (Vulkan: device address)
  void* owner = nullptr;  // the backend's own bookkeeping
  size_t bytes = 0;       // what was asked for
  uint64_t version = 0;   // raised by every write after creation: backward() checks it (autograd/saved.h)
};

struct View {
  Block* block = nullptr;
  int64_t offset = 0;  // in elements
  Shape shape;
  Strides strides;  // in elements; 0 on broadcast axes
  DType dtype = DType::f32;

  int rank() const { return shape.rank(); }
  int64_t numel() const { return shape.numel(); }
  bool is_contiguous() const;
  // True if the last axis has stride 1 (or size 1) and the others follow without a gap but for the first one's stride:
  // rows at a fixed distance.
  bool has_dense_rows() const;

  // The same memory seen otherwise; std::invalid_argument where it does not fit.
  View permute(std::span<const int> axes) const;
  View permute(std::initializer_list<int> axes) const {
    return permute(std::span<const int>(axes.begin(), axes.size()));
  }
  View transpose(int a = -2, int b = -1) const;
  View slice(int axis, int64_t begin, int64_t end) const;
  View expand(const Shape& to) const;  // sizes of 1 (and new leading axes) get stride 0
  View squeeze(int axis) const;
  View unsqueeze(int axis) const;

  // The host address of the first element (backends whose blocks have one).
  template <typename T>
  T* as() const {
    return static_cast<T*>(block->data) + offset;
  }
};

}  // namespace thaw
