// SPDX-License-Identifier: Apache-2.0
// How much memory a device computes in.
#pragma once

#include <cstdint>

#include "tensor/device.h"

namespace thaw {

// Bytes; 0: not known.
struct DeviceMemory {
  uint64_t total = 0;      // all that there is, swap included
  uint64_t available = 0;  // of it, what could be had now
};

// Of a device that computes in the host's memory: what the system has, or a container's limit. Defined in
// backends/registry.cpp.
DeviceMemory device_memory(const Device& device);

}  // namespace thaw
