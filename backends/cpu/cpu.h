// SPDX-License-Identifier: Apache-2.0
// The CPU device, for backends/registry.cpp.
#pragma once

namespace thaw {

class Backend;

Backend& cpu_backend();

}  // namespace thaw
