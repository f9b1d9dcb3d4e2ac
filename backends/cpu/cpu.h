// SPDX-License-Identifier: Apache-2.0
// The CPU device, for backends/registry.cpp. What it sets elsewhere: tensor/device.h.
#pragma once

namespace thaw {

class Backend;

Backend& cpu_backend();

}  // namespace thaw
