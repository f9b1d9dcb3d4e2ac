// SPDX-License-Identifier: Apache-2.0
// The Vulkan devices, for backends/registry.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/device.h"

namespace thaw {

// "vulkan:0", "vulkan:1", ... and what each can do; one unusable line when there is no driver or no device.
std::vector<DeviceInfo> vulkan_devices();

// The device that `which` names, open for the life of the program: a number, a name or a part of one, or a UUID; "":
// THAW_VULKAN_DEVICE, else the best one.
Backend& vulkan_backend(const std::string& which);

// Bytes of the heap that tensors of the device "vulkan:N" live in; 0 if there is none of that name.
uint64_t vulkan_memory(const std::string& name);

}  // namespace thaw
