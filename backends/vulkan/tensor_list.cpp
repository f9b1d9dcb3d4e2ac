// SPDX-License-Identifier: Apache-2.0
// Listing tensors and numbering their chunks.
#include "backends/vulkan/tensor_list.h"

#include "tensor/check.h"

namespace thaw::vulkan {

void TensorList::add(std::initializer_list<const View*> views, float factor) {
  const int64_t count = (*views.begin())->numel();
  if (count == 0) return;
  check(count <= INT32_MAX, "vulkan: an optimizer's tensor of {} numbers; at most {} are possible", count, INT32_MAX);
  ListedTensor tensor;
  tensor.count = static_cast<uint32_t>(count);
  tensor.first_chunk = chunks_;
  tensor.factor = factor;
  tensor.aligned = 1;
  size_t place = 0;
  for (const View* view : views) {
    tensor.memory[place] = address_of(view);
    if (view && address_of(*view) % 16 != 0) tensor.aligned = 0;
    blocks_[place].push_back(block_of(view));
    ++place;
  }
  tensors_.push_back(tensor);
  chunks_ += ceil_divide(tensor.count, chunk_size_);
}

std::vector<const Block*> TensorList::blocks(std::initializer_list<size_t> places) const {
  std::vector<const Block*> all;
  for (size_t place : places) all.insert(all.end(), blocks_[place].begin(), blocks_[place].end());
  return all;
}

}  // namespace thaw::vulkan
