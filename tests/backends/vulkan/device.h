// SPDX-License-Identifier: Apache-2.0
// A Vulkan device for the tests of the backend's parts; they skip themselves where there is none.
#pragma once

#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/device.h"
#include "tests/environment.h"

namespace thaw {

inline bool have_vulkan_device() {
  static const bool have = vulkan_devices().front().usable;
  return have;
}

}  // namespace thaw

// First line of a test that needs a device.
#define SKIP_WITHOUT_VULKAN()                                         \
  if (!thaw::have_vulkan_device()) {                                  \
    MESSAGE("skipped: ", thaw::vulkan_devices().front().description); \
    return;                                                           \
  }
