// SPDX-License-Identifier: Apache-2.0
// A device: one backend, open for the life of the program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

class Backend;

class Device {
 public:
  Device() = default;  // no device
  explicit Device(Backend& backend) : backend_(&backend) {}

  // By name: "cpu", "reference", "vulkan", "vulkan:1", "vulkan:NAME". An unknown name is an error that lists what there
  // is.
  static Device open(const std::string& name);
  // THAW_DEVICE if it is set, else "cpu" if it was built, else "reference".
  static Device from_environment();

  Backend& backend() const { return *backend_; }
  bool defined() const { return backend_ != nullptr; }
  std::string name() const;
  bool operator==(const Device&) const = default;

 private:
  Backend* backend_ = nullptr;
};

// An entry of `thaw devices`.
struct DeviceInfo {
  std::string name;         // what Device::open takes
  std::string description;  // Backend::description() of a device that need not be open; or why it cannot be used
  bool usable = true;
};

// Defined in backends/registry.cpp, the one place that knows the concrete backends.
Backend& open_backend(const std::string& name);
std::vector<DeviceInfo> list_devices();

}  // namespace thaw
