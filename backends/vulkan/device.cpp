// SPDX-License-Identifier: Apache-2.0
// Opening a device with the features that it has and thaw can use.
#include "backends/vulkan/device.h"

#include <vector>

#include "backends/vulkan/read_facts.h"
#include "backends/vulkan/result.h"

namespace thaw::vulkan {
namespace {

// Puts a feature struct at the head of a chain.
template <typename T>
void link(VkPhysicalDeviceFeatures2& features, T& more) {
  more.pNext = features.pNext;
  features.pNext = &more;
}

}  // namespace

Device::Device(const std::string& which) : instance_(Instance::shared()) {
  const size_t index = instance_->choose(which);
  const Candidate& candidate = instance_->candidates()[index];
  facts_ = candidate.facts;
  physical_ = candidate.handle;
  name_ = fmt::format("vulkan:{}", index);
  vkGetPhysicalDeviceMemoryProperties(physical_, &memory_);
  queue_family_ = compute_family(physical_).index;

  std::vector<const char*> extensions;
  VkPhysicalDeviceFeatures2 features{};
  features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
  VkPhysicalDeviceVulkan11Features f11{};
  f11.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES;
  f11.storageBuffer16BitAccess = facts_.storage_16bit;
  link(features, f11);
  VkPhysicalDeviceVulkan12Features f12{};
  f12.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES;
  f12.timelineSemaphore = f12.bufferDeviceAddress = f12.scalarBlockLayout = VK_TRUE;
  f12.storageBuffer8BitAccess = facts_.storage_8bit;
  f12.shaderFloat16 = facts_.float16_arithmetic;
  f12.vulkanMemoryModel = !facts_.cooperative.empty();
  link(features, f12);
  VkPhysicalDeviceSubgroupSizeControlFeatures size_control{};
  size_control.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES;
  if (facts_.subgroup_size_control) {
    size_control.subgroupSizeControl = VK_TRUE;
    link(features, size_control);
    if (facts_.api_version < VK_API_VERSION_1_3 || instance_->api_version() < VK_API_VERSION_1_3)
      extensions.push_back(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
  }
  VkPhysicalDeviceFaultFeaturesEXT fault{};
  fault.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FAULT_FEATURES_EXT;
  if (facts_.device_fault) {
    fault.deviceFault = VK_TRUE;
    link(features, fault);
    extensions.push_back(VK_EXT_DEVICE_FAULT_EXTENSION_NAME);
  }
#ifdef VK_KHR_cooperative_matrix
  VkPhysicalDeviceCooperativeMatrixFeaturesKHR cooperative{};
  cooperative.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR;
  if (!facts_.cooperative.empty()) {
    cooperative.cooperativeMatrix = VK_TRUE;
    link(features, cooperative);
    extensions.push_back(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
  }
#endif
  if (facts_.memory_budget) extensions.push_back(VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
  if (facts_.texel_elements > 0) extensions.push_back(VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME);

  const float priority = 1;
  VkDeviceQueueCreateInfo queue{};
  queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO;
  queue.queueFamilyIndex = queue_family_;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  VkDeviceCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO;
  info.pNext = &features;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  check_result(vkCreateDevice(physical_, &info, nullptr, &device_), fmt::format("opening {} ({})", name_, facts_.name));
  vkGetDeviceQueue(device_, queue_family_, 0, &queue_);
  if (facts_.texel_elements > 0)
    push_descriptors_ =
        reinterpret_cast<PFN_vkCmdPushDescriptorSetKHR>(vkGetDeviceProcAddr(device_, "vkCmdPushDescriptorSetKHR"));
  if (instance_->has_debug_utils()) {
    begin_label_ = reinterpret_cast<PFN_vkCmdBeginDebugUtilsLabelEXT>(
        vkGetInstanceProcAddr(instance_->handle(), "vkCmdBeginDebugUtilsLabelEXT"));
    end_label_ = reinterpret_cast<PFN_vkCmdEndDebugUtilsLabelEXT>(
        vkGetInstanceProcAddr(instance_->handle(), "vkCmdEndDebugUtilsLabelEXT"));
  }
}

Device::~Device() { vkDestroyDevice(device_, nullptr); }

uint64_t Device::available(uint32_t memory_type) const {
  const uint32_t heap = memory_.memoryTypes[memory_type].heapIndex;
  if (!facts_.memory_budget) return memory_.memoryHeaps[heap].size;
  VkPhysicalDeviceMemoryBudgetPropertiesEXT budget{};
  budget.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT;
  VkPhysicalDeviceMemoryProperties2 properties{};
  properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2;
  properties.pNext = &budget;
  vkGetPhysicalDeviceMemoryProperties2(physical_, &properties);
  return budget.heapBudget[heap] > budget.heapUsage[heap] ? budget.heapBudget[heap] - budget.heapUsage[heap] : 0;
}

std::string Device::fault() const {
  if (!facts_.device_fault) return "";
  const auto get =
      reinterpret_cast<PFN_vkGetDeviceFaultInfoEXT>(vkGetDeviceProcAddr(device_, "vkGetDeviceFaultInfoEXT"));
  VkDeviceFaultCountsEXT counts{};
  counts.sType = VK_STRUCTURE_TYPE_DEVICE_FAULT_COUNTS_EXT;
  VkDeviceFaultInfoEXT info{};
  info.sType = VK_STRUCTURE_TYPE_DEVICE_FAULT_INFO_EXT;
  if (!get || get(device_, &counts, nullptr) < 0) return "";
  counts.vendorBinarySize = 0;
  std::vector<VkDeviceFaultAddressInfoEXT> addresses(counts.addressInfoCount);
  std::vector<VkDeviceFaultVendorInfoEXT> vendor(counts.vendorInfoCount);
  info.pAddressInfos = addresses.data();
  info.pVendorInfos = vendor.data();
  if (get(device_, &counts, &info) < 0) return "";
  std::string text = info.description;
  for (const auto& address : addresses) text += fmt::format("; fault at address {:#x}", address.reportedAddress);
  for (const auto& item : vendor) text += fmt::format("; {}", item.description);
  return text;
}

void Device::begin_label(VkCommandBuffer commands, const char* text) const {
  if (!begin_label_) return;
  VkDebugUtilsLabelEXT label{};
  label.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_LABEL_EXT;
  label.pLabelName = text;
  begin_label_(commands, &label);
}

void Device::end_label(VkCommandBuffer commands) const {
  if (end_label_) end_label_(commands);
}

void Device::push_texels(VkCommandBuffer commands, VkPipelineLayout layout, std::span<const VkBufferView> views) const {
  VkWriteDescriptorSet empty{};
  empty.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET;
  empty.descriptorCount = 1;
  empty.descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
  std::vector<VkWriteDescriptorSet> writes(views.size(), empty);
  for (uint32_t i = 0; i < writes.size(); ++i) {
    writes[i].dstBinding = i;
    writes[i].pTexelBufferView = &views[i];
  }
  push_descriptors_(commands, VK_PIPELINE_BIND_POINT_COMPUTE, layout, 0, static_cast<uint32_t>(writes.size()),
                    writes.data());
}

}  // namespace thaw::vulkan
