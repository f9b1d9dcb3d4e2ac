// SPDX-License-Identifier: Apache-2.0
// Choosing a device, and the numbers of the tuning table.
#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>

#include "backends/vulkan/instance.h"
#include "backends/vulkan/tuning.h"
#include "tests/backends/vulkan/device.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("vulkan choice: by number, name, part of a name in any case, UUID, environment") {
  SKIP_WITHOUT_VULKAN();
  const auto instance = vulkan::Instance::shared();
  const size_t best = instance->choose("");
  const vulkan::Facts& facts = instance->candidates()[best].facts;
  CHECK(instance->choose(std::to_string(best)) == best);
  CHECK(instance->choose(facts.uuid) == best);
  CHECK(&Device::open("vulkan").backend() == &Device::open("vulkan:" + std::to_string(best)).backend());
  if (instance->candidates().size() == 1) {
    CHECK(instance->choose(facts.name) == best);
    std::string part = facts.name.substr(0, 4);
    for (char& c : part) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(instance->choose(part) == best);
  }
  const Environment variable("THAW_VULKAN_DEVICE", "no such device");
  CHECK_THROWS_WITH_AS(instance->choose(""), doctest::Contains("no device is called \"no such device\"; there are: 0 "),
                       std::invalid_argument);
}

TEST_CASE("vulkan choice: a number or name that there is not") {
  SKIP_WITHOUT_VULKAN();
  CHECK_THROWS_WITH_AS(Device::open("vulkan:97"), doctest::Contains("there is no device 97; there are: 0 "),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Device::open("vulkan:Voodoo2"),
                       doctest::Contains("no device is called \"Voodoo2\"; there are: 0 "), std::invalid_argument);
}

TEST_CASE("vulkan choice: the files that a user may not open are named") {
  const ScratchFolder folder;
  CHECK(vulkan::access_hint(folder / "none").empty());
  folder.write("renderD128", "");
  CHECK(vulkan::access_hint(folder.path().string()).empty());
  std::filesystem::permissions(folder / "renderD128", std::filesystem::perms::none);
  if (geteuid() == 0) {
    MESSAGE("skipped: everything is open to this user");
    return;
  }
  CHECK(vulkan::access_hint(folder.path().string()).find(folder / "renderD128") != std::string::npos);
}

TEST_CASE("vulkan tuning: chosen by the device, overridden by name") {
  vulkan::Facts facts;
  const vulkan::Tuning plain = vulkan::tuning_for(facts, "");
  const vulkan::Tuning changed = vulkan::tuning_for(facts, "reduce_workgroup=64,pointwise_workgroup=32");
  CHECK(changed.reduce_workgroup == 64);
  CHECK(changed.pointwise_workgroup == 32);
  CHECK(changed.pointwise_per_invocation == plain.pointwise_per_invocation);
  CHECK(vulkan::to_string(changed).find("reduce_workgroup=64") != std::string::npos);
  facts.kind = vulkan::DeviceKind::cpu;
  CHECK(vulkan::tuning_for(facts, "").pointwise_workgroup < plain.pointwise_workgroup);
  for (const char* wrong :
       {"reduce_workgroup", "reduce_workgroup=", "reduce_workgroup=x", "reduce_workgroup=0", "nothing=1", ","}) {
    CAPTURE(wrong);
    CHECK_THROWS_WITH_AS(vulkan::tuning_for(facts, wrong), doctest::Contains("THAW_VULKAN_TUNING"),
                         std::invalid_argument);
  }
}
