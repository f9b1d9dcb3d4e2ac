// SPDX-License-Identifier: Apache-2.0
// Where the tests of tensor/ compute: the reference device in f64 and f32, and the device under test (THAW_DEVICE) in
// f32.
#pragma once

#include <string>
#include <vector>

#include "tensor/device.h"
#include "tensor/dtype.h"

namespace thaw {

struct Setting {
  Device device;
  DType dtype = DType::f32;

  // What rounding may leave: `f32` (the test's own number) in f32, 1e-12 in f64.
  double tolerance(double f32) const { return dtype == DType::f64 ? 1e-12 : f32; }
  std::string name() const { return device.name() + " " + std::string(name_of(dtype)); }
};

inline std::vector<Setting> settings() {
  const Device reference = Device::open("reference"), chosen = Device::from_environment();
  std::vector<Setting> all{{reference, DType::f64}, {reference, DType::f32}};
  if (!(chosen == reference)) all.push_back({chosen, DType::f32});
  return all;
}

}  // namespace thaw
