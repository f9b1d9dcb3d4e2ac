// SPDX-License-Identifier: Apache-2.0
// What a device's memory pool holds, and the error when it cannot hold more.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace thaw {

// A number that one thread may read while others count.
class MemoryCount {
 public:
  MemoryCount() = default;
  MemoryCount(const MemoryCount& other) : value_(other) {}
  MemoryCount& operator=(const MemoryCount& other) { return *this = uint64_t{other}; }
  MemoryCount& operator=(uint64_t value) {
    value_.store(value, std::memory_order_relaxed);
    return *this;
  }
  operator uint64_t() const { return value_.load(std::memory_order_relaxed); }  // NOLINT: implicit on purpose
  uint64_t operator+=(uint64_t n) { return value_.fetch_add(n, std::memory_order_relaxed) + n; }
  uint64_t operator-=(uint64_t n) { return value_.fetch_sub(n, std::memory_order_relaxed) - n; }
  uint64_t operator++() { return *this += 1; }
  uint64_t operator--() { return *this -= 1; }
  void raise_to(uint64_t least) {
    uint64_t now = *this;
    while (now < least && !value_.compare_exchange_weak(now, least, std::memory_order_relaxed)) {
    }
  }

 private:
  std::atomic<uint64_t> value_{0};
};

// Bytes as tensors asked for them (live, peak) and as the system gave them (reserved): of the device, whichever threads
// use it.
struct MemoryStats {
  MemoryCount live_bytes;
  MemoryCount peak_bytes;      // the highest live_bytes since the last reset
  MemoryCount reserved_bytes;  // live and pooled
  MemoryCount live_blocks;
  MemoryCount allocations;  // calls of allocate()
  MemoryCount system_allocations;

  void allocated(size_t bytes) {
    peak_bytes.raise_to(live_bytes += bytes);
    ++live_blocks;
    ++allocations;
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
