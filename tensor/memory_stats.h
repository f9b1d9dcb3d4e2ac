// SPDX-License-Identifier: Apache-2.0
// What a device's memory pool holds, and the error when it cannot hold more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace thaw {

// Bytes as tensors asked for them (live, peak) and as the system gave them (reserved).
struct MemoryStats {
  uint64_t live_bytes = 0;
  uint64_t peak_bytes = 0;      // the highest live_bytes since the last reset
  uint64_t reserved_bytes = 0;  // live and pooled
  uint64_t live_blocks = 0;
  uint64_t allocations = 0;  // calls of allocate()
  uint64_t system_allocations = 0;

  void allocated(size_t bytes) {
    live_bytes += bytes;
    ++live_blocks;
    ++allocations;
    if (live_bytes > peak_bytes) peak_bytes = live_bytes;
  }
  void released(size_t bytes) {
    live_bytes -= bytes;
    --live_blocks;
  }
  void reset_peak() { peak_bytes = live_bytes; }
};

// "cpu: out of memory: 1234.0 MB asked for, 5678.9 MB in use, 6000.0 MB reserved; ...", and what would need less
// (memory_stats.cpp).
class OutOfMemory : public std::runtime_error {
 public:
  OutOfMemory(const std::string& device, size_t asked, const MemoryStats& stats);
};

}  // namespace thaw
