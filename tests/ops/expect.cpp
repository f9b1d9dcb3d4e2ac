// SPDX-License-Identifier: Apache-2.0
// What the checks of rows share: the devices that they run on, and what they expect.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "autograd/conformance/compare.h"
#include "tensor/dtype.h"
#include "tests/op_table.h"
#include "tests/ops/default_bodies.h"

namespace thaw::ops {
namespace {

// A sanitizer keeps the compiler from vectorising sums: n terms one after the other round more than in lanes.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define THAW_SUMS_IN_SEQUENCE 1
#endif
#endif
#ifdef THAW_SUMS_IN_SEQUENCE
constexpr double sanitizer_allowance = 4;
#else
constexpr double sanitizer_allowance = 1;
#endif

void expect_none(const OpCase& row, const std::vector<Difference>& found) {
  if (found.empty()) expect(row, true, {});
  for (const Difference& difference : found) expect(row, false, difference.text);
}

}  // namespace

std::vector<Device> devices_under_test(const OpCase& row) {
  static const std::vector<Device> all = [] {
    if (const char* name = std::getenv("THAW_DEVICE"); name && *name) return std::vector{Device::from_environment()};
    std::vector<Device> devices;
    for (const DeviceInfo& info : list_devices())
      if (info.usable) devices.push_back(Device::open(info.name));
    return devices;
  }();
  std::vector<Device> able;
  for (const Device device : all) {
    if (const auto dtype = lacking_type(row, device)) {
      note_skipped(row, fmt::format("{} does not hold {}", device.name(), name_of(*dtype)));
    } else {
      able.push_back(device);
    }
  }
  return able;
}

void expect(const OpCase& row, bool ok, const std::string& message) {
  if (!ok) note_failure(row, message);
  CHECK_MESSAGE(ok, message);
}

void expect_close(const OpCase& row, const std::string& where, const Result& got, const Result& wanted) {
  expect_none(row, differences(row, where, got, wanted, sanitizer_allowance));
}

void expect_same_bits(const OpCase& row, const std::string& where, const Result& got, const Result& wanted) {
  expect_none(row, bit_differences(row, where, got, wanted));
}

TEST_CASE("the op table names inputs and finds rows that a device cannot run") {
  struct : DefaultBodies {
    using DefaultBodies::DefaultBodies;
    bool supports(DType dtype) const override { return dtype != DType::bf16 && dtype != DType::f16; }
  } poor(Device::open("reference").backend());
  const Function f = [](const Inputs& in) { return in[0]; };
  const OpCase row("row", {uniform("weight", 3), uniform(5)}, f, {.types = {DType::f32, DType::bf16}});
  CHECK(lacking_type(row, Device(poor)) == DType::bf16);
  CHECK_FALSE(lacking_type(row, Device::open("reference")));
  CHECK_FALSE(lacking_type(OpCase("of f32", {uniform(3)}, f), Device(poor)));
  CHECK(row.input_name(0) == "weight");
  CHECK(row.input_name(1) == "b");
  CHECK(OpCase("one", {uniform(3)}, f).input_name(0) == "x");
  const Setting setting{Device::open("reference"), DType::f32, Layout::contiguous, {}, {true, false}};
  CHECK(setting.to_string(row) == "reference, weight frozen");
}

}  // namespace thaw::ops
