// SPDX-License-Identifier: Apache-2.0
// Whether a driver's checks found fault with the program while the tests ran.
#pragma once

namespace thaw {

// True after printing in which tests the Vulkan validation layer had messages.
bool validation_failed();

}  // namespace thaw
