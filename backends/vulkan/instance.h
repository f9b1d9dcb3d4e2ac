// SPDX-License-Identifier: Apache-2.0
// The Vulkan instance of the program, its validation messages, and the choice of a device.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "backends/vulkan/facts.h"

namespace thaw::vulkan {

// A device of this machine. `missing` says why thaw cannot use it; empty: it can.
struct Candidate {
  VkPhysicalDevice handle = VK_NULL_HANDLE;
  Facts facts;
  std::string missing;
};

class Instance {
 public:
  // The program's instance, made at the first call and kept while a device is open. With THAW_VULKAN_VALIDATE=1 the
  // validation layer is loaded (which must be installed), synchronisation validation included, and its messages go to
  // stderr. Throws std::runtime_error when there is no driver.
  static std::shared_ptr<Instance> shared();
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  VkInstance handle() const { return instance_; }
  uint32_t api_version() const { return api_version_; }
  bool has_debug_utils() const { return debug_utils_; }
  // In the driver's order: their indices are the numbers of "vulkan:N".
  const std::vector<Candidate>& candidates() const { return candidates_; }
  // The index of the device that `which` names: a number, a UUID, or a part of a name (in any case); "":
  // THAW_VULKAN_DEVICE, else the best usable one. Throws std::invalid_argument that lists what there is.
  size_t choose(std::string_view which) const;
  // Why candidates() is empty.
  std::string why_none() const;

 private:
  Instance();

  VkInstance instance_ = VK_NULL_HANDLE;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
  uint32_t api_version_ = 0;
  bool debug_utils_ = false;
  std::vector<Candidate> candidates_;
};

// Why there may be no device: the files below `folder` (/dev/dri) that this user may not open; empty if there are none.
std::string access_hint(const std::string& folder);

}  // namespace thaw::vulkan
