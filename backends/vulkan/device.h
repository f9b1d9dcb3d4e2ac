// SPDX-License-Identifier: Apache-2.0
// An open device: its handle, its queue, and the functions of extensions.
#pragma once

#include <vulkan/vulkan.h>

#include <memory>
#include <span>
#include <string>

#include "backends/vulkan/instance.h"

namespace thaw::vulkan {

class Device {
 public:
  // `which`: see Instance::choose().
  explicit Device(const std::string& which);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  VkDevice handle() const { return device_; }
  VkPhysicalDevice physical() const { return physical_; }
  VkQueue queue() const { return queue_; }
  uint32_t queue_family() const { return queue_family_; }
  const std::string& name() const { return name_; }  // "vulkan:0"
  const Facts& facts() const { return facts_; }
  const VkPhysicalDeviceMemoryProperties& memory() const { return memory_; }

  // Bytes that the heap of a memory type can still give to this program (VK_EXT_memory_budget); the heap's size if the
  // device does not say.
  uint64_t available(uint32_t memory_type) const;
  // What the driver knows of a lost device (VK_EXT_device_fault); may be empty.
  std::string fault() const;
  // Names what is recorded next in debuggers and validation messages; does nothing without VK_EXT_debug_utils.
  void begin_label(VkCommandBuffer commands, const char* text) const;
  void end_label(VkCommandBuffer commands) const;
  bool has_labels() const { return begin_label_ != nullptr; }
  // Binds texel buffers 0, 1, ... for the next dispatch (Facts::texel_elements > 0).
  void push_texels(VkCommandBuffer commands, VkPipelineLayout layout, std::span<const VkBufferView> views) const;

 private:
  std::shared_ptr<Instance> instance_;
  Facts facts_;
  std::string name_;
  VkPhysicalDevice physical_ = VK_NULL_HANDLE;
  VkPhysicalDeviceMemoryProperties memory_{};
  VkDevice device_ = VK_NULL_HANDLE;
  VkQueue queue_ = VK_NULL_HANDLE;
  uint32_t queue_family_ = 0;
  PFN_vkCmdBeginDebugUtilsLabelEXT begin_label_ = nullptr;
  PFN_vkCmdEndDebugUtilsLabelEXT end_label_ = nullptr;
  PFN_vkCmdPushDescriptorSetKHR push_descriptors_ = nullptr;
};

}  // namespace thaw::vulkan
