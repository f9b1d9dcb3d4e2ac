// SPDX-License-Identifier: Apache-2.0
// Fifth check of a row: what a device computes by its own fused function, its default body over the same device's
// primitive functions gives too.
#include "tensor/counters.h"
#include "tests/op_table.h"
#include "tests/ops/default_bodies.h"

namespace thaw::ops {

void check_default_body(const OpCase& row) {
  for (const Device device : devices_under_test(row)) {
    const auto runs_of_default_bodies = [] {
      uint64_t runs = 0;
      for (const auto& [function, count] : counters().default_bodies) runs += count;
      return runs;
    };
    const auto before = counters().default_bodies;
    const Result own = run(row, {device, DType::f32, Layout::contiguous, {}, {}});
    for (const auto& [function, count] : counters().default_bodies) {
      const auto known = before.find(function);
      if (known == before.end() || count > known->second) note_default_body(row, function);
    }
    const uint64_t runs = runs_of_default_bodies();
    DefaultBodies default_bodies(device.backend());
    const Setting setting{Device(default_bodies), DType::f32, Layout::contiguous, {}, {}};
    const Result by_default = run(row, setting);
    expect(row, runs_of_default_bodies() > runs, setting.to_string(row) + ": no default body ran");
    expect_close(row, device.name() + " against its default bodies", own, by_default);
  }
}

}  // namespace thaw::ops
