// SPDX-License-Identifier: Apache-2.0
// Asking a device for its facts, and whether it has what thaw requires.
#pragma once

#include <vulkan/vulkan.h>

#include <string>
#include <vector>

#include "backends/vulkan/instance.h"

namespace thaw::vulkan {

Candidate read_candidate(VkInstance instance, VkPhysicalDevice device);

bool has_device_extension(VkPhysicalDevice device, const char* name);

// The family of queues that thaw uses: computing without graphics if there is one. Empty count: the device cannot
// compute.
struct QueueFamily {
  uint32_t index = 0;
  bool found = false;
  uint32_t timestamp_bits = 0;
};
QueueFamily compute_family(VkPhysicalDevice device);

// The memory type of tensors: device memory, and visible to the host if all of it is.
uint32_t tensor_memory_type(const VkPhysicalDeviceMemoryProperties& memory);
// The memory type that the host reads results from: coherent, cached if there is such a type. `cached` = false: for
// what the host only writes.
uint32_t host_memory_type(const VkPhysicalDeviceMemoryProperties& memory, bool cached);

}  // namespace thaw::vulkan
