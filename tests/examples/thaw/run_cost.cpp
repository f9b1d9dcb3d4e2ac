// SPDX-License-Identifier: Apache-2.0
// What cannot fit into memory or on the disk is refused with the numbers.
#include "examples/thaw/run_cost.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tensor/device_memory.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("run cost: a run that needs more memory than there is") {
  const Device device = Device::from_environment();
  const DeviceMemory memory = device_memory(device);
  REQUIRE(memory.total > 0);
  CHECK(memory.available <= memory.total);
  CHECK_NOTHROW(check_memory({.weights = 1e6, .gradients = 1e6, .optimizer = 2e6, .activations = 1e6, .most = 5e6},
                             device, false));
  CHECK_THROWS_WITH_AS(check_memory({.most = 2.0 * static_cast<double>(memory.total)}, device, false),
                       doctest::Contains("activations of the largest batch"), std::runtime_error);
}

TEST_CASE("run cost: a disk with less room than a checkpoint takes") {
  const ScratchFolder dir;
  TrainingOptions options;
  options.output_dir = dir.path() / "not" / "there";
  FreezeReport report;
  report.trained = 1000;
  CHECK_NOTHROW(check_disk(report, 8000, options));
  CHECK(checkpoint_bytes(report, 8000, options) == 12000);
  report.trained = int64_t{1} << 55;
  CHECK_THROWS_WITH_AS(check_disk(report, 8000, options), doctest::Contains("one checkpoint will take"),
                       std::runtime_error);
  options.save_strategy = Interval::never;
  CHECK(checkpoint_bytes(report, 8000, options) == 0);
  CHECK_THROWS_WITH_AS(check_disk(report, 8000, options), doctest::Contains("but the model will take"),
                       std::runtime_error);
}
