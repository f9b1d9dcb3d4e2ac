// SPDX-License-Identifier: Apache-2.0
// The devices of this build by name: the one place that knows the concrete backends. A new backend adds its header and
// its line in `kinds`.
#include <algorithm>
#include <vector>

#include "backends/shared/config.h"
#include "backends/shared/host_memory.h"
#if THAW_CPU
#include "backends/cpu/cpu.h"
#endif
#include "backends/reference/reference.h"
#if THAW_VULKAN
#include "backends/vulkan/vulkan.h"
#endif
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tensor/device.h"
#include "tensor/device_memory.h"

namespace thaw {
namespace {

struct Kind {
  const char* name;                            // what stands before the colon of a device's name
  std::vector<DeviceInfo> (*list)();           // its devices, the unusable ones too
  Backend& (*open)(const std::string& which);  // `which` is what stands behind the colon, or empty
  DeviceMemory (*memory)(const std::string& device);
};

// A kind that has one device: its name takes nothing behind a colon.
template <Backend& (*backend)()>
Kind single(const char* name) {
  return {name,
          [] {
            return std::vector<DeviceInfo>{{backend().name(), backend().description(), true}};
          },
          [](const std::string& which) -> Backend& {
            check(which.empty(), "device '{}:{}': there is only '{}'", backend().name(), which, backend().name());
            return backend();
          },
          [](const std::string&) { return host_memory(); }};
}

// The first is the one that an empty name opens.
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all {
#if THAW_CPU
    single<cpu_backend>("cpu"),
#endif
        single<reference_backend>("reference"),
#if THAW_VULKAN
        {"vulkan", vulkan_devices, vulkan_backend, [](const std::string& device) {
           return DeviceMemory{vulkan_memory(device), 0};
         }},
#endif
  };
  return all;
}

std::string usable_names() {
  std::string names;
  for (const DeviceInfo& device : list_devices())
    if (device.usable) names += (names.empty() ? "" : ", ") + device.name;
  return names;
}

}  // namespace

std::vector<DeviceInfo> list_devices() {
  std::vector<DeviceInfo> devices;
  for (const Kind& kind : kinds()) {
    const std::vector<DeviceInfo> own = kind.list();
    devices.insert(devices.end(), own.begin(), own.end());
  }
  return devices;
}

Backend& open_backend(const std::string& name) {
  if (name.empty()) return kinds().front().open("");
  const size_t colon = name.find(':');
  const std::string wanted = name.substr(0, colon);
  const auto kind = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& k) { return k.name == wanted; });
  if (kind == kinds().end()) check(false, "device '{}' is not known; there are: {}", name, usable_names());
  return kind->open(colon == std::string::npos ? "" : name.substr(colon + 1));
}

DeviceMemory device_memory(const Device& device) {
  const std::string name = device.name(), wanted = name.substr(0, name.find(':'));
  const auto kind = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& k) { return k.name == wanted; });
  return kind == kinds().end() ? DeviceMemory{} : kind->memory(name);
}

}  // namespace thaw
