// SPDX-License-Identifier: Apache-2.0
// Does a device compute what the reference device does? Every op of the table, values and gradients, in seconds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tensor/device.h"

namespace thaw {

struct WrongOp {
  std::string op, what;  // "gelu", "gradient of x [3, 5, 7] at [0, 1, 2] is 1.2, not 1.1 (...); by 0.3 at most"
  bool operator==(const WrongOp&) const = default;
};

struct DeviceCheck {
  size_t checked = 0, skipped = 0;  // ops; skipped are those of types that the device does not hold
  std::vector<WrongOp> wrong;
};

// Each op on the device in f32 against the reference device in f64, and once more for the same bits. An op that throws
// is wrong.
DeviceCheck check_device(Device device);

}  // namespace thaw
