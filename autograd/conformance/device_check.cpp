// SPDX-License-Identifier: Apache-2.0
// Each row of the op table, on dense memory and at its own sizes; other layouts and sizes are for the tests.
#include "autograd/conformance/device_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "autograd/conformance/compare.h"
#include "autograd/conformance/op_case.h"
#include "autograd/conformance/op_table.h"
#include "autograd/conformance/run.h"

namespace thaw {
namespace {

// What is wrong with it; empty: nothing.
std::string fault_of(const ops::OpCase& row, Device device) {
  const ops::Setting setting{device, DType::f32, ops::Layout::contiguous, {}, {}};
  const ops::Result got = ops::run(row, setting);
  std::vector<ops::Difference> found = ops::differences(row, "", got, ops::run_reference(row, {}));
  if (found.empty()) found = ops::bit_differences(row, "run again", ops::run(row, setting), got);
  if (found.empty()) return {};
  const auto worst = std::ranges::max_element(found, {}, &ops::Difference::largest);
  const std::string text = worst->text.starts_with(": ") ? worst->text.substr(2) : worst->text;
  return fmt::format("{}; by {:.3g} at most", text, worst->largest);
}

}  // namespace

DeviceCheck check_device(Device device) {
  DeviceCheck check;
  for (const ops::OpCase& row : ops::op_table()) {
    if (ops::lacking_type(row, device)) {
      ++check.skipped;
      continue;
    }
    ++check.checked;
    try {
      if (const std::string fault = fault_of(row, device); !fault.empty()) check.wrong.push_back({row.name, fault});
    } catch (const std::exception& error) {
      check.wrong.push_back({row.name, error.what()});
    }
  }
  return check;
}

}  // namespace thaw
