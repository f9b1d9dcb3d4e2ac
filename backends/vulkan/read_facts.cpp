// SPDX-License-Identifier: Apache-2.0
// What thaw requires of a device: Vulkan 1.2 with timeline semaphores, buffer addresses, scalar layout, subgroup
// arithmetic. The rest is used if it is there.
#include "backends/vulkan/read_facts.h"

#include <algorithm>
#include <cstring>

#include "backends/vulkan/result.h"

namespace thaw::vulkan {
namespace {

DeviceKind kind_of(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: return DeviceKind::integrated;
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return DeviceKind::discrete;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return DeviceKind::virtual_gpu;
    case VK_PHYSICAL_DEVICE_TYPE_CPU: return DeviceKind::cpu;
    default: return DeviceKind::other;
  }
}

#ifdef VK_KHR_cooperative_matrix
std::vector<CooperativeMatrix> read_cooperative(VkInstance instance, VkPhysicalDevice device) {
  std::vector<CooperativeMatrix> found;
  const auto list = reinterpret_cast<PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR>(
      vkGetInstanceProcAddr(instance, "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR"));
  if (!list || !has_device_extension(device, VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME)) return found;
  VkPhysicalDeviceCooperativeMatrixFeaturesKHR supported{};
  supported.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR;
  VkPhysicalDeviceFeatures2 features{};
  features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
  features.pNext = &supported;
  vkGetPhysicalDeviceFeatures2(device, &features);
  if (!supported.cooperativeMatrix) return found;
  uint32_t count = 0;
  check_result(list(device, &count, nullptr), "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
  VkCooperativeMatrixPropertiesKHR empty{};
  empty.sType = VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR;
  std::vector<VkCooperativeMatrixPropertiesKHR> all(count, empty);
  check_result(list(device, &count, all.data()), "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR");
  for (const auto& p : all) {
    if (p.scope != VK_SCOPE_SUBGROUP_KHR || p.AType != VK_COMPONENT_TYPE_FLOAT16_KHR ||
        p.BType != VK_COMPONENT_TYPE_FLOAT16_KHR || p.CType != VK_COMPONENT_TYPE_FLOAT32_KHR ||
        p.ResultType != VK_COMPONENT_TYPE_FLOAT32_KHR)
      continue;
    found.push_back({p.MSize, p.NSize, p.KSize});
  }
  return found;
}
#else
std::vector<CooperativeMatrix> read_cooperative(VkInstance, VkPhysicalDevice) { return {}; }
#endif

void add(std::string& list, bool has, const char* what) {
  if (!has) list += fmt::format("{}{}", list.empty() ? "" : ", ", what);
}

}  // namespace

bool has_device_extension(VkPhysicalDevice device, const char* name) {
  uint32_t count = 0;
  check_result(vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr),
               "vkEnumerateDeviceExtensionProperties");
  std::vector<VkExtensionProperties> extensions(count);
  check_result(vkEnumerateDeviceExtensionProperties(device, nullptr, &count, extensions.data()),
               "vkEnumerateDeviceExtensionProperties");
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const auto& extension) { return std::strcmp(extension.extensionName, name) == 0; });
}

QueueFamily compute_family(VkPhysicalDevice device) {
  uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  QueueFamily best;
  for (uint32_t i = 0; i < count; ++i) {
    if (families[i].queueCount == 0 || !(families[i].queueFlags & VK_QUEUE_COMPUTE_BIT)) continue;
    const bool only_compute = !(families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT);
    if (best.found && !only_compute) continue;
    best = {i, true, families[i].timestampValidBits};
    if (only_compute) break;
  }
  return best;
}

uint32_t tensor_memory_type(const VkPhysicalDeviceMemoryProperties& memory) {
  VkDeviceSize largest = 0;
  for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
    const VkMemoryType& type = memory.memoryTypes[i];
    if (type.propertyFlags & VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT)
      largest = std::max(largest, memory.memoryHeaps[type.heapIndex].size);
  }
  uint32_t best = 0;
  int best_rank = -1;
  for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
    const VkMemoryType& type = memory.memoryTypes[i];
    const VkMemoryPropertyFlags flags = type.propertyFlags;
    if (!(flags & VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT) || (flags & VK_MEMORY_PROPERTY_PROTECTED_BIT)) continue;
    if (memory.memoryHeaps[type.heapIndex].size < largest) continue;  // a small window of host-visible device memory
    const bool coherent =
        (flags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) && (flags & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
    const int rank = coherent ? (flags & VK_MEMORY_PROPERTY_HOST_CACHED_BIT ? 2 : 1) : 0;
    if (rank > best_rank) {
      best = i;
      best_rank = rank;
    }
  }
  return best;
}

uint32_t host_memory_type(const VkPhysicalDeviceMemoryProperties& memory, bool cached) {
  const VkMemoryPropertyFlags needed = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  uint32_t first = memory.memoryTypeCount;
  for (uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
    const VkMemoryPropertyFlags flags = memory.memoryTypes[i].propertyFlags;
    if ((flags & needed) != needed) continue;
    if (first == memory.memoryTypeCount) first = i;
    if (cached == ((flags & VK_MEMORY_PROPERTY_HOST_CACHED_BIT) != 0)) return i;
  }
  return first;
}

Candidate read_candidate(VkInstance instance, VkPhysicalDevice device) {
  Candidate candidate;
  candidate.handle = device;
  Facts& facts = candidate.facts;
  VkPhysicalDeviceProperties basic{};
  vkGetPhysicalDeviceProperties(device, &basic);
  facts.name = basic.deviceName;
  facts.vendor = basic.vendorID;
  facts.kind = kind_of(basic.deviceType);
  facts.api_version = basic.apiVersion;
  if (basic.apiVersion < VK_API_VERSION_1_2) {
    candidate.missing = fmt::format("Vulkan 1.2 (it has {}.{})", VK_API_VERSION_MAJOR(basic.apiVersion),
                                    VK_API_VERSION_MINOR(basic.apiVersion));
    return candidate;
  }
  const bool v13 = basic.apiVersion >= VK_API_VERSION_1_3;
  const bool size_control = v13 || has_device_extension(device, VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);

  VkPhysicalDeviceSubgroupSizeControlProperties sizes{};
  sizes.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES;
  VkPhysicalDeviceVulkan12Properties p12{};
  p12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES;
  p12.pNext = size_control ? &sizes : nullptr;
  VkPhysicalDeviceVulkan11Properties p11{};
  p11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES;
  p11.pNext = &p12;
  VkPhysicalDeviceProperties2 properties{};
  properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
  properties.pNext = &p11;
  vkGetPhysicalDeviceProperties2(device, &properties);

  VkPhysicalDeviceSubgroupSizeControlFeatures size_features{};
  size_features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES;
  VkPhysicalDeviceVulkan12Features f12{};
  f12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
  f12.pNext = size_control ? &size_features : nullptr;
  VkPhysicalDeviceVulkan11Features f11{};
  f11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
  f11.pNext = &f12;
  VkPhysicalDeviceFeatures2 features{};
  features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
  features.pNext = &f11;
  vkGetPhysicalDeviceFeatures2(device, &features);

  facts.driver = fmt::format("{} {}", p12.driverName, p12.driverInfo);
  for (uint8_t byte : p11.deviceUUID) facts.uuid += fmt::format("{:02x}", byte);
  for (uint8_t byte : basic.pipelineCacheUUID) facts.cache_uuid += fmt::format("{:02x}", byte);
  facts.driver_version = basic.driverVersion;
  facts.device_id = basic.deviceID;
  facts.subgroup_size = facts.min_subgroup_size = facts.max_subgroup_size = p11.subgroupSize;
  if (size_control && size_features.subgroupSizeControl &&
      (sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT)) {
    facts.subgroup_size_control = true;
    facts.min_subgroup_size = sizes.minSubgroupSize;
    facts.max_subgroup_size = sizes.maxSubgroupSize;
  }
  facts.subgroup_shuffle = (p11.subgroupSupportedOperations & VK_SUBGROUP_FEATURE_SHUFFLE_BIT) != 0;
  const VkPhysicalDeviceLimits& limits = basic.limits;
  facts.shared_memory = limits.maxComputeSharedMemorySize;
  facts.max_workgroup = limits.maxComputeWorkGroupInvocations;
  std::copy_n(limits.maxComputeWorkGroupSize, 3, facts.max_workgroup_size.begin());
  if (has_device_extension(device, VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME))
    facts.texel_elements = limits.maxTexelBufferElements;
  facts.storage_16bit = f11.storageBuffer16BitAccess;
  facts.storage_8bit = f12.storageBuffer8BitAccess;
  facts.float16_arithmetic = f12.shaderFloat16;
  facts.keeps_nan = p12.shaderSignedZeroInfNanPreserveFloat32;
  facts.memory_budget = has_device_extension(device, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  facts.device_fault = has_device_extension(device, VK_EXT_DEVICE_FAULT_EXTENSION_NAME);
  facts.cooperative = f12.vulkanMemoryModel && facts.float16_arithmetic && facts.storage_16bit
                          ? read_cooperative(instance, device)
                          : std::vector<CooperativeMatrix>();
  VkPhysicalDeviceMemoryProperties memory{};
  vkGetPhysicalDeviceMemoryProperties(device, &memory);
  const VkMemoryType& type = memory.memoryTypes[tensor_memory_type(memory)];
  facts.memory = memory.memoryHeaps[type.heapIndex].size;
  facts.max_buffer = p11.maxMemoryAllocationSize;
  facts.max_allocations = limits.maxMemoryAllocationCount;
  facts.host_visible = (type.propertyFlags & VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT) &&
                       (type.propertyFlags & VK_MEMORY_PROPERTY_HOST_COHERENT_BIT);
  facts.host_cached = facts.host_visible && (type.propertyFlags & VK_MEMORY_PROPERTY_HOST_CACHED_BIT);
  const QueueFamily family = compute_family(device);
  facts.timestamp_period = family.timestamp_bits > 0 ? limits.timestampPeriod : 0;

  std::string& missing = candidate.missing;
  const VkSubgroupFeatureFlags subgroup = VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_ARITHMETIC_BIT;
  add(missing, family.found, "a queue that computes");
  add(missing, f12.timelineSemaphore, "timelineSemaphore");
  add(missing, f12.bufferDeviceAddress, "bufferDeviceAddress");
  add(missing, f12.scalarBlockLayout, "scalarBlockLayout");
  add(missing,
      (p11.subgroupSupportedOperations & subgroup) == subgroup &&
          (p11.subgroupSupportedStages & VK_SHADER_STAGE_COMPUTE_BIT),
      "subgroup arithmetic");
  add(missing, limits.maxComputeWorkGroupInvocations >= 128 && limits.maxComputeSharedMemorySize >= 16384,
      "workgroups of 128 with 16 KiB");
  return candidate;
}

}  // namespace thaw::vulkan
