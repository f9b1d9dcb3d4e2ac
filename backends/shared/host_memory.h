// SPDX-License-Identifier: Apache-2.0
// The memory of the machine, which devices without their own compute in.
#pragma once

#include <cstdint>

#include "tensor/device_memory.h"

namespace thaw {

// As Linux tells it, within the limit of a container (cgroup v2).
DeviceMemory host_memory();

// The same without swap: bytes.
uint64_t physical_memory();

}  // namespace thaw
