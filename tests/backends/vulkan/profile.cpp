// SPDX-License-Identifier: Apache-2.0
// The trace of launches.
#include <doctest/doctest.h>

#include "tensor/io/json.h"
#include "tensor/ops.h"
#include "tests/backends/vulkan/device.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("vulkan profile: every launch with its name, begin and duration") {
  SKIP_WITHOUT_VULKAN();
  const ScratchFolder folder;
  const Environment environment("THAW_VULKAN_PROFILE", folder / "trace.json");
  vulkan::VulkanBackend backend("");
  if (backend.facts().timestamp_period == 0) {
    MESSAGE("skipped: the device has no clock");
    return;
  }
  Tensor x = Tensor::full({1000}, 1, DType::f32, Device(backend));
  for (int i = 0; i < 300; ++i) x = affine(x, 1, 1);  // more than a batch
  CHECK(x.to_host<float>()[0] == 301);
  // The device is still open: the trace is whole all the same.
  const Json trace = Json::parse(read_bytes(folder / "trace.json"), "trace.json");
  // The fill, and where the host reads the device's memory slowly, the copy that it reads instead.
  CHECK(trace.size() == (backend.facts().host_cached ? 301 : 302));
  double last = 0;
  int64_t unary = 0;
  for (const Json& event : trace.items()) {
    unary += event.get_string("name") == "unary 1000";
    CHECK(event.get_string("ph") == "X");
    CHECK(event.get_number("dur") >= 0);
    CHECK(event.get_number("ts") >= last);
    last = event.get_number("ts");
  }
  CHECK(unary == 300);
}

TEST_CASE("vulkan profile: a file that cannot be written is an error") {
  SKIP_WITHOUT_VULKAN();
  const Environment trace("THAW_VULKAN_PROFILE", "/nowhere/trace.json");
  CHECK_THROWS_WITH_AS(vulkan::VulkanBackend(""), doctest::Contains("/nowhere/trace.json"), std::runtime_error);
}
