// SPDX-License-Identifier: Apache-2.0
// What `thaw devices --check` found out, in cache_folder(): a file for each device with its driver (as its description
// names them), of the build of thaw that wrote it. With another driver or build there is nothing yet.
#pragma once

#include <optional>
#include <string>

#include "autograd/conformance/device_check.h"
#include "tensor/device.h"

namespace thaw {

struct KeptCheck {
  std::string date;  // "2026-11-27 12:00:03 UTC"
  DeviceCheck found;
};

// Empty: there is no folder for it.
std::string kept_check_path(const Device& device);
// Nothing where there is none, or what is there cannot be read.
std::optional<KeptCheck> kept_check(const Device& device);
// Does nothing where there is no folder; throws std::runtime_error where it cannot be written.
void keep_check(const Device& device, const KeptCheck& check);

// "vulkan:0: 2 of 175 operations were wrong on DATE (gelu, softmax); ..." if a kept check says so, else empty.
std::string failed_before(const Device& device);

}  // namespace thaw
