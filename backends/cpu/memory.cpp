// SPDX-License-Identifier: Apache-2.0
// Opening the device, its blocks, and copies to and from the host, which are at once.
#include <cstdlib>
#include <cstring>
#include <memory>

#include "backends/cpu/cpu.h"
#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/gemm.h"
#include "backends/shared/config.h"

namespace thaw {

Backend& cpu_backend() {
  // Never destroyed: tensors in static storage may be released after it would be.
  static cpu::CpuBackend& backend = *new cpu::CpuBackend;
  return backend;
}

namespace cpu {
namespace {

// New blocks hold ones bits, NaN in every floating type, in debug builds and where THAW_POISON is set: what reads
// memory that nothing wrote shows.
bool poisons() {
  static const bool poison = [] {
    const char* text = std::getenv("THAW_POISON");
    return THAW_DEBUG || (text && *text);
  }();
  return poison;
}

}  // namespace

Block* CpuBackend::allocate(size_t bytes) {
  auto block = std::make_unique<Block>();
  block->data = pool_.allocate(bytes);
  block->backend = this;
  block->bytes = bytes;
  if (poisons()) std::memset(block->data, 0xFF, bytes);
  return block.release();
}

void CpuBackend::release(Block* block) noexcept {
  forget_packed(*block);
  pool_.release(block->data, block->bytes);
  delete block;
}

void CpuBackend::upload(Block& to, size_t byte_offset, const void* from, size_t bytes) {
  if (bytes > 0) std::memcpy(static_cast<std::byte*>(to.data) + byte_offset, from, bytes);
}

void CpuBackend::download(const Block& from, size_t byte_offset, void* to, size_t bytes) {
  if (bytes > 0) std::memcpy(to, static_cast<const std::byte*>(from.data) + byte_offset, bytes);
}

}  // namespace cpu
}  // namespace thaw
