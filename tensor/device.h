// SPDX-License-Identifier: Apache-2.0
// A device: one backend, open for the life of the program.
//
// Threads. Any may open devices. On cpu and reference several may compute at once, each on tensors that no other
// writes: two models, or one model for inference; each calling thread of cpu has a team of THAW_THREADS threads. A dry
// or vulkan device serves one thread at a time.
//
// Opening and computing change no setting of the program (environment, signals, locale, rounding, OpenMP) but these:
// - cpu, where THAW_ISA is set: what instructions oneDNN may use, in the whole program
// - cpu: OpenBLAS has one thread while it multiplies for this device; then its number is again what it was
// - vulkan: an std::atexit handler writes its cache of pipelines
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
