// SPDX-License-Identifier: Apache-2.0
// Fourth check of a row: whatever inputs are frozen, the other gradients keep their bits, and no launch, product or
// kept byte comes in.
#include <algorithm>

#include "tests/op_table.h"

namespace thaw::ops {
namespace {

void compare_costs(const OpCase& row, const std::string& where, const Result& frozen, const Result& all) {
  expect(row, frozen.launches <= all.launches,
         fmt::format("{}: {} launches, {} with nothing frozen", where, frozen.launches, all.launches));
  expect(row, frozen.matmuls <= all.matmuls,
         fmt::format("{}: {} products, {} with nothing frozen", where, frozen.matmuls, all.matmuls));
  expect(row, frozen.kept_bytes <= all.kept_bytes,
         fmt::format("{}: {} bytes kept, {} with nothing frozen", where, frozen.kept_bytes, all.kept_bytes));
}

}  // namespace

void check_freezing(const OpCase& row) {
  std::vector<size_t> inputs;
  for (size_t i = 0; i < row.inputs.size(); ++i)
    if (!row.inputs[i].constant) inputs.push_back(i);
  for (const Device device : devices_under_test()) {
    Setting setting{device, DType::f32, Layout::contiguous, {}, {}};
    const Result all = run(row, setting);
    for (size_t subset = 1; subset < size_t{1} << inputs.size(); ++subset) {
      setting.frozen.assign(row.inputs.size(), false);
      Result wanted = all;
      for (size_t bit = 0; bit < inputs.size(); ++bit)
        if (subset >> bit & 1) {
          setting.frozen[inputs[bit]] = true;
          wanted.gradients[inputs[bit]] = {};
        }
      const Result got = run(row, setting);
      expect_same_bits(row, setting.to_string(), got, wanted);
      compare_costs(row, setting.to_string(), got, all);
      if (subset + 1 == size_t{1} << inputs.size())
        expect(row, !got.tracked && got.kept_bytes == 0,
               fmt::format("{}: {} bytes kept with everything frozen", setting.to_string(), got.kept_bytes));
    }
  }
}

}  // namespace thaw::ops
