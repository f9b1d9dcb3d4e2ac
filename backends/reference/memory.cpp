// SPDX-License-Identifier: Apache-2.0
// Blocks are host memory, straight from the system. New ones are filled with ones bits, NaN in every floating type:
// what reads memory that nothing wrote shows.
#include <cstdlib>
#include <cstring>
#include <limits>

#include "backends/reference/reference.h"
#include "backends/reference/reference_backend.h"

namespace thaw {
namespace {

constexpr size_t alignment = 64;

size_t reserved_size(size_t bytes) { return bytes == 0 ? alignment : (bytes + alignment - 1) / alignment * alignment; }

}  // namespace

Backend& reference_backend() {
  static ReferenceBackend backend;
  return backend;
}

Block* ReferenceBackend::allocate(size_t bytes) {
  const bool possible = bytes <= std::numeric_limits<size_t>::max() / 2;
  void* data = possible ? std::aligned_alloc(alignment, reserved_size(bytes)) : nullptr;
  if (!data) throw OutOfMemory(name(), bytes, memory_);
  std::memset(data, 0xFF, reserved_size(bytes));
  Block* block = new Block;
  block->backend = this;
  block->data = data;
  block->bytes = bytes;
  memory_.allocated(bytes);
  ++memory_.system_allocations;
  memory_.reserved_bytes += reserved_size(bytes);
  return block;
}

void ReferenceBackend::release(Block* block) noexcept {
  memory_.released(block->bytes);
  memory_.reserved_bytes -= reserved_size(block->bytes);
  std::free(block->data);
  delete block;
}

void ReferenceBackend::upload(Block& to, size_t byte_offset, const void* from, size_t bytes) {
  if (bytes > 0) std::memcpy(static_cast<std::byte*>(to.data) + byte_offset, from, bytes);
}

void ReferenceBackend::download(const Block& from, size_t byte_offset, void* to, size_t bytes) {
  if (bytes > 0) std::memcpy(to, static_cast<const std::byte*>(from.data) + byte_offset, bytes);
}

}  // namespace thaw
