// SPDX-License-Identifier: Apache-2.0
// A Vulkan device for the tests of the backend's parts; they skip themselves where there is none.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/device.h"

namespace thaw {

inline bool have_vulkan_device() {
  static const bool have = vulkan_devices().front().usable;
  return have;
}

// An environment variable for as long as the object lives.
class Environment {
 public:
  Environment(std::string name, const std::string& value) : name_(std::move(name)) {
    const char* former = std::getenv(name_.c_str());
    if (former) former_ = former;
    setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    if (former_) {
      setenv(name_.c_str(), former_->c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::string name_;
  std::optional<std::string> former_;
};

}  // namespace thaw

// First line of a test that needs a device.
#define SKIP_WITHOUT_VULKAN()                                         \
  if (!thaw::have_vulkan_device()) {                                  \
    MESSAGE("skipped: ", thaw::vulkan_devices().front().description); \
    return;                                                           \
  }
