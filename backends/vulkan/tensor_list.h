// SPDX-License-Identifier: Apache-2.0
// Lists of tensors for the kernels that go through all of them at once (shaders/tensor_list.glsl).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "backends/vulkan/kernel.h"

namespace thaw::vulkan {

// The same struct as in shaders/tensor_list.glsl.
struct ListedTensor {
  std::array<uint64_t, 4> memory{};
  uint32_t count = 0;
  uint32_t first_chunk = 0;
  float factor = 0;
  uint32_t aligned = 0;
};

constexpr size_t longest_tensor_list = 1024;

class TensorList {
 public:
  explicit TensorList(uint32_t chunk_size) : chunk_size_(chunk_size) {}

  // Contiguous views of equal sizes; null entries stay null. Empty tensors are left out.
  void add(std::initializer_list<const View*> views, float factor = 0);

  bool is_full() const { return tensors_.size() == longest_tensor_list; }
  std::span<const std::byte> bytes() const { return std::as_bytes(std::span(tensors_)); }
  uint32_t tensors() const { return static_cast<uint32_t>(tensors_.size()); }
  uint32_t chunks() const { return chunks_; }
  // The blocks of the views in one place of add()'s list.
  std::vector<const Block*> blocks(std::initializer_list<size_t> places) const;

 private:
  uint32_t chunk_size_;
  uint32_t chunks_ = 0;
  std::vector<ListedTensor> tensors_;
  std::array<std::vector<const Block*>, 4> blocks_;
};

}  // namespace thaw::vulkan
