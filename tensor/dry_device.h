// SPDX-License-Identifier: Apache-2.0
// A device that computes nothing and holds nothing, but counts: what runs on it tells what it would cost elsewhere.
// Defined in backends/dry.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tensor/device.h"
#include "tensor/memory_stats.h"

namespace thaw {

class DryBackend;

// The calls of one kernel with the same shapes.
struct KernelUse {
  std::string kernel;  // the function of the contract (backend.h)
  std::string shapes;  // "[2548, 384] [384, 1536] -> [2548, 1536]"
  uint64_t calls = 0;
  double flops = 0;  // of products and attention, 2 per multiply-add; of others 0
  double bytes_read = 0, bytes_written = 0;
};

// Numbers that are read back are 0. Memory is counted as the cpu device counts it, workspaces included. Not in the list
// of devices, for nothing can be trained on it. For one thread; outlives all tensors that are on it.
class DryDevice {
 public:
  DryDevice();
  ~DryDevice();
  DryDevice(const DryDevice&) = delete;
  DryDevice& operator=(const DryDevice&) = delete;

  Device device() const;
  MemoryStats& memory() const;

  double flops() const;  // since clear()
  // Since clear(), by name and shapes, while kernels are told apart; else none.
  std::vector<KernelUse> kernels() const;
  void tell_kernels_apart(bool on) const;  // at first off, which is faster
  void clear() const;

  // Of the copies of frozen weights that the cpu device makes for its products, which its memory() leaves out.
  uint64_t packed_bytes() const;

 private:
  std::unique_ptr<DryBackend> backend_;
};

}  // namespace thaw
