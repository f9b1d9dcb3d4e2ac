// SPDX-License-Identifier: Apache-2.0
// Blocks without memory, and the handle that owns the backend.
#include <cstring>
#include <limits>

#include "backends/dry/dry_backend.h"

namespace thaw {

Block* DryBackend::allocate(size_t bytes) {
  if (bytes > std::numeric_limits<size_t>::max() / 4) throw OutOfMemory(name(), bytes, memory_);
  Block* const block = new Block;
  block->backend = this;
  block->bytes = bytes;
  memory_.allocated(bytes);
  return block;
}

void DryBackend::release(Block* block) noexcept {
  packed_.erase(block);
  memory_.released(block->bytes);
  delete block;
}

void DryBackend::download(const Block&, size_t, void* to, size_t bytes) {
  if (bytes > 0) std::memset(to, 0, bytes);
}

DryDevice::DryDevice() : backend_(std::make_unique<DryBackend>()) {}
DryDevice::~DryDevice() = default;

Device DryDevice::device() const { return Device(*backend_); }
MemoryStats& DryDevice::memory() const { return backend_->memory(); }
double DryDevice::flops() const { return backend_->flops(); }
std::vector<KernelUse> DryDevice::kernels() const { return backend_->kernels(); }
void DryDevice::tell_kernels_apart(bool on) const { backend_->tell_kernels_apart(on); }
void DryDevice::clear() const { backend_->clear(); }
uint64_t DryDevice::packed_bytes() const { return backend_->packed_bytes(); }

}  // namespace thaw
