// SPDX-License-Identifier: Apache-2.0
// The reference device, for backends/registry.cpp.
#pragma once

namespace thaw {

class Backend;

Backend& reference_backend();

}  // namespace thaw
