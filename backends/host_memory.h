// SPDX-License-Identifier: Apache-2.0
// The memory of the machine, which devices without their own compute in.
#pragma once

#include "tensor/device_memory.h"

namespace thaw {

// As Linux tells it, within the limit of a container.
DeviceMemory host_memory();

}  // namespace thaw
