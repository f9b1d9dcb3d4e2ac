// SPDX-License-Identifier: Apache-2.0
// Listing and opening devices.
#include "backends/vulkan/vulkan.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "backends/vulkan/describe.h"
#include "backends/vulkan/environment.h"
#include "backends/vulkan/instance.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/check.h"

namespace thaw {
namespace {

std::mutex opening;

// The open devices, by name. They are never closed: tensors of static life may outlive everything else.
std::map<std::string, vulkan::VulkanBackend*>& open_devices() {
  static auto* devices = new std::map<std::string, vulkan::VulkanBackend*>;
  return *devices;
}

void finish_all() {
  const std::lock_guard lock(opening);
  for (const auto& [name, device] : open_devices()) device->finish();
}

}  // namespace

std::vector<DeviceInfo> vulkan_devices() {
  try {
    std::vector<DeviceInfo> devices;
    const auto instance = vulkan::Instance::shared();
    for (const vulkan::Candidate& candidate : instance->candidates()) {
      const bool usable = candidate.missing.empty();
      devices.push_back({fmt::format("vulkan:{}", devices.size()),
                         usable ? vulkan::describe(candidate.facts,
                                                   vulkan::tuning_for(candidate.facts,
                                                                      vulkan::environment_text("THAW_VULKAN_TUNING")))
                                : fmt::format("{}: it lacks {}", candidate.facts.name, candidate.missing),
                         usable});
    }
    if (!devices.empty()) return devices;
    fail("{}", instance->why_none());
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    return {{"vulkan", text.starts_with("vulkan: ") ? text.substr(8) : text, false}};
  }
}

Backend& vulkan_backend(const std::string& which) {
  const std::lock_guard lock(opening);
  auto& devices = open_devices();
  const std::string name = fmt::format("vulkan:{}", vulkan::Instance::shared()->choose(which));
  if (const auto found = devices.find(name); found != devices.end()) return *found->second;
  auto backend = std::make_unique<vulkan::VulkanBackend>(which);
  if (devices.empty()) std::atexit(finish_all);
  return *devices.emplace(name, backend.release()).first->second;
}

uint64_t vulkan_memory(const std::string& name) {
  const auto& candidates = vulkan::Instance::shared()->candidates();
  for (size_t i = 0; i < candidates.size(); ++i)
    if (name == fmt::format("vulkan:{}", i)) return candidates[i].facts.memory;
  return 0;
}

}  // namespace thaw
