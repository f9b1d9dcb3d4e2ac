// SPDX-License-Identifier: Apache-2.0
// What cannot fit into memory or on the disk is refused with the numbers.
#include "examples/thaw/run_cost.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "nn/scope.h"
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
  ParameterStore store(Device::open("reference"));
  const Scope s(store);
  const Parameter whole = s.parameter("whole", {10, 100}, Init::zeros());
  const Parameter rows = s.parameter("rows", {10, 100}, Init::zeros());
  const Parameter masked = s.parameter("masked", {10, 100}, Init::zeros());
  // As if a checkpoint had had them.
  for (const Parameter& p : store.all()) store.mark_loaded(p.name());
  CHECK_NOTHROW(check_disk(store, 8000, options));
  CHECK(checkpoint_bytes(store, 8000, options) == 8000);
  whole.mark_changed();
  CHECK(checkpoint_bytes(store, 8000, options) == 12000);
  rows.train_rows(2, 5);
  rows.mark_changed();
  CHECK(checkpoint_bytes(store, 8000, options) == 12000 + 3 * 400);
  masked.set_element_mask(std::vector<uint8_t>(1000, 0));
  masked.mark_changed();  // it is saved whole, whatever its mask leaves as it was
  CHECK(checkpoint_bytes(store, 8000, options) == 16000 + 3 * 400);
  constexpr double beyond = 1e18;
  CHECK_THROWS_WITH_AS(check_disk(store, beyond, options), doctest::Contains("one checkpoint will take"),
                       std::runtime_error);
  options.save_strategy = Interval::never;
  CHECK(checkpoint_bytes(store, 8000, options) == 0);
  CHECK_NOTHROW(check_disk(store, beyond, options));  // the model itself is small
}
