// SPDX-License-Identifier: Apache-2.0
// What a check of a device found is kept for the device with its driver, and for nothing else.
#include "examples/thaw/kept_checks.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "tensor/backend.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"
#include "tests/environment.h"
#include "tests/ops/default_bodies.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Driver : ops::DefaultBodies {
  explicit Driver(std::string version)
      : DefaultBodies(Device::open("reference").backend()), version_(std::move(version)) {}
  std::string name() const override { return "gpu"; }
  std::string description() const override { return "A GPU (driver " + version_ + "); f32"; }

 private:
  std::string version_;
};

}  // namespace

TEST_CASE("kept checks: by device and driver") {
  const ScratchFolder folder;
  const Environment cache("XDG_CACHE_HOME", folder / "cache");
  Driver first("1.0"), second("1.1");
  const Device device(first), other(second);
  CHECK_FALSE(kept_check(device));
  CHECK(failed_before(device) == "");

  const KeptCheck right{"2026-11-27 12:00:03 UTC", {175, 2, {}}};
  keep_check(device, right);
  REQUIRE(kept_check(device));
  CHECK(kept_check(device)->date == right.date);
  CHECK(kept_check(device)->found.checked == 175);
  CHECK(kept_check(device)->found.skipped == 2);
  CHECK(kept_check(device)->found.wrong.empty());
  CHECK(failed_before(device) == "");
  CHECK_FALSE(kept_check(other));

  KeptCheck wrong = right;
  wrong.found.wrong = {{"gelu", "value \"x\" is 1"}, {"b", ""}, {"c", ""}, {"d", ""}};
  keep_check(other, wrong);
  REQUIRE(kept_check(other));
  CHECK(kept_check(other)->found.wrong == wrong.found.wrong);
  CHECK(failed_before(other) ==
        "gpu: 4 of 175 operations were wrong with this driver on 2026-11-27 12:00:03 UTC (gelu, b, c, ...); `thaw "
        "devices --check gpu` has more");
  CHECK(kept_check(device)->found.wrong.empty());

  // A file of another device under this one's name, and one that is cut.
  std::filesystem::copy_file(kept_check_path(other), kept_check_path(device),
                             std::filesystem::copy_options::overwrite_existing);
  CHECK_FALSE(kept_check(device));
  // Another build's.
  keep_check(other, right);
  REQUIRE(kept_check(other));
  Json kept = Json::read(kept_check_path(other));
  std::string build = kept.get_string("for");
  build.insert(build.find(" bytes, "), "1");
  kept.set("for", build);
  write_file_atomically(kept_check_path(other), kept.dump(2));
  CHECK_FALSE(kept_check(other));
  keep_check(other, right);
  std::filesystem::resize_file(kept_check_path(other), 40);
  CHECK_FALSE(kept_check(other));
}

TEST_CASE("kept checks: without a folder for them nothing is kept, nor asked for") {
  const Environment cache("XDG_CACHE_HOME", ""), home("HOME", "");
  CHECK(kept_check_path(Device::open("reference")) == "");
  keep_check(Device::open("reference"), {});
  CHECK_FALSE(kept_check(Device::open("reference")));
}
