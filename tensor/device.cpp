// SPDX-License-Identifier: Apache-2.0
// Opening devices by name.
#include "tensor/device.h"

#include <cstdlib>

#include "tensor/backend.h"

namespace thaw {

Device Device::open(const std::string& name) { return Device(open_backend(name)); }

Device Device::from_environment() {
  const char* name = std::getenv("THAW_DEVICE");
  return open(name ? name : "");
}

std::string Device::name() const { return backend_ ? backend_->name() : "no device"; }

}  // namespace thaw
