// SPDX-License-Identifier: Apache-2.0
// Second and third check of a row: every device against the reference in f64, and twice the same bits; from strided
// memory and at other sizes.
#include <algorithm>

#include "tests/op_table.h"

namespace thaw::ops {
namespace {

void compare_with_reference(const OpCase& row, Setting setting) {
  const Result wanted = run_reference(row, setting);
  for (const Device device : devices_under_test(row)) {
    setting.device = device;
    expect_close(row, setting.to_string(row), run(row, setting), wanted);
  }
}

// The different sizes of the row's inputs that may change.
std::vector<int64_t> sizes_of(const OpCase& row) {
  std::vector<int64_t> sizes;
  for (const Input& input : row.inputs)
    for (const int64_t size : input.shape) {
      const auto known = [size](const std::vector<int64_t>& list) {
        return std::find(list.begin(), list.end(), size) != list.end();
      };
      if (!known(sizes) && !known(row.limits.fixed)) sizes.push_back(size);
    }
  return sizes;
}

}  // namespace

void check_devices(const OpCase& row) {
  const Result wanted = run_reference(row, {});
  for (const Device device : devices_under_test(row)) {
    const Setting setting{device, DType::f32, Layout::contiguous, {}, {}};
    const Result got = run(row, setting);
    expect_close(row, setting.to_string(row), got, wanted);
    expect_same_bits(row, setting.to_string(row) + ", run again", run(row, setting), got);
  }
}

void check_views(const OpCase& row) {
  for (const Layout layout : {Layout::offset, Layout::gaps, Layout::spread, Layout::transposed, Layout::broadcast})
    compare_with_reference(row, {{}, DType::f32, layout, {}, {}});
  const std::vector<int64_t> sizes = sizes_of(row);
  for (const int64_t from : sizes)
    for (const int64_t to : {0, 1, 3, 17, 257})
      if (to >= row.limits.smallest && to <= row.limits.largest)
        compare_with_reference(row, {{}, DType::f32, Layout::contiguous, {from, to}, {}});
  if (row.limits.largest >= 4099 && !sizes.empty())
    compare_with_reference(row, {{}, DType::f32, Layout::contiguous, {sizes.back(), 4099}, {}});
}

}  // namespace thaw::ops
