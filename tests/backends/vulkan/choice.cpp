// SPDX-License-Identifier: Apache-2.0
// Choosing a device, and the numbers of the tuning table.
#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>

#include "backends/vulkan/instance.h"
#include "backends/vulkan/matmul_plan.h"
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

TEST_CASE("vulkan tuning: tiles that every device can hold") {
  for (const vulkan::DeviceKind kind : {vulkan::DeviceKind::other, vulkan::DeviceKind::integrated,
                                        vulkan::DeviceKind::discrete, vulkan::DeviceKind::cpu})
    for (const uint32_t vendor : {0x1002u, 0x10deu, 0x8086u, 0x13b5u}) {
      vulkan::Facts least, large;
      least.kind = large.kind = kind;
      least.vendor = large.vendor = vendor;
      large.shared_memory = 49152;
      large.max_workgroup = large.max_workgroup_size[0] = 1024;
      for (const vulkan::Facts& facts : {least, large}) {
        const vulkan::Tuning tuning = vulkan::tuning_for(facts, "");
        for (const vulkan::ProductTiles& tiles : {tuning.large_tiles(), tuning.small_tiles()}) {
          CHECK(tiles.workgroup() <= facts.max_workgroup);
          CHECK(tiles.shared_bytes() <= std::min(facts.shared_memory, 32768u));
        }
        CHECK((tuning.matmul_kernel == vulkan::direct_product) == (kind == vulkan::DeviceKind::cpu));
      }
    }
  for (const char* wrong : {"matmul_tile_m=60", "matmul_lane_n=2", "matmul_small_tile_k=6", "matmul_tile_k=4",
                            "matmul_tile_m=512,matmul_tile_n=512", "matmul_tile_k=256"}) {
    CAPTURE(wrong);
    CHECK_THROWS_WITH_AS(vulkan::tuning_for(vulkan::Facts(), wrong), doctest::Contains("THAW_VULKAN_TUNING: matmul_"),
                         std::invalid_argument);
  }
}

TEST_CASE("vulkan tuning: software drivers fetch texels where a workgroup can be one subgroup") {
  vulkan::Facts facts;
  facts.kind = vulkan::DeviceKind::cpu;
  facts.subgroup_size = facts.min_subgroup_size = facts.max_subgroup_size = 8;
  facts.subgroup_shuffle = true;
  facts.texel_elements = 1 << 27;
  const auto fetches = [](const vulkan::Facts& device) {
    return vulkan::tuning_for(device, "").matmul_texel_least < UINT32_MAX;
  };
  CHECK(fetches(facts));
  vulkan::Facts other = facts;
  other.kind = vulkan::DeviceKind::discrete;
  CHECK_FALSE(fetches(other));
  other = facts;
  other.texel_elements = 0;
  CHECK_FALSE(fetches(other));
  other = facts;
  other.subgroup_shuffle = false;
  CHECK_FALSE(fetches(other));
  other = facts;
  other.max_subgroup_size = 16;
  CHECK_FALSE(fetches(other));
  other = facts;
  other.subgroup_size = other.min_subgroup_size = other.max_subgroup_size = 1;
  CHECK_FALSE(fetches(other));
}

TEST_CASE("vulkan tuning: large tiles where they are enough and filled, parts where workgroups are few") {
  vulkan::Facts facts;
  facts.kind = vulkan::DeviceKind::discrete;
  facts.shared_memory = 49152;
  facts.max_workgroup = facts.max_workgroup_size[0] = 1024;
  const vulkan::Tuning tuning = vulkan::tuning_for(facts, "");
  const auto tile_m = [&](uint32_t m, uint32_t n, uint32_t batches) {
    vulkan::MatmulPush push;
    push.m = m;
    push.n = n;
    push.batches = batches;
    return vulkan::tiles_for(push, tuning).m;
  };
  CHECK(tile_m(4096, 3072, 1) == tuning.matmul_tile_m);
  CHECK(tile_m(256, 256, 1) == tuning.matmul_small_tile_m);
  CHECK(tile_m(256, 256, 128) == tuning.matmul_tile_m);
  CHECK(tile_m(4096 * 128, 40, 1) == tuning.matmul_small_tile_m);

  const uint32_t shortest = tuning.matmul_shortest_part, groups = tuning.matmul_groups;
  CHECK(vulkan::k_of_part(groups, 100000, 8, tuning) == 100000);
  CHECK(vulkan::k_of_part(1, 2 * shortest - 1, 8, tuning) == 2 * shortest - 1);
  CHECK(vulkan::k_of_part(1, 2 * shortest, 8, tuning) == shortest);
  CHECK(vulkan::k_of_part(groups / 4, 100001, 8, tuning) == 25008);
}

TEST_CASE("vulkan tuning: the matrices of a device that divide a tile") {
  vulkan::Facts facts;
  facts.subgroup_size_control = true;
  facts.shared_memory = 32768;
  facts.max_workgroup = facts.max_workgroup_size[0] = 256;
  const vulkan::Tuning tuning = vulkan::tuning_for(facts, "");
  CHECK(!vulkan::cooperative_tiles(facts, 32, 64, tuning));
  facts.cooperative = {{8, 8, 16}, {16, 16, 16}, {16, 16, 32}, {64, 16, 16}, {16, 5, 16}};
  for (const uint32_t tile : {tuning.matmul_cooperative_tile, tuning.matmul_cooperative_small_tile})
    for (const uint32_t subgroup : {32u, 64u}) {
      const auto tiles = vulkan::cooperative_tiles(facts, subgroup, tile, tuning);
      REQUIRE(tiles);
      CHECK(tiles->workgroup == 4 * subgroup);
      CHECK(tiles->matrix.m == 16);
      CHECK(tiles->matrix.k == 16);
    }
  CHECK(!vulkan::cooperative_tiles(facts, 128, 64, tuning));
  facts.shared_memory = 65536;
  const auto larger = vulkan::cooperative_tiles(facts, 32, 128, tuning);
  REQUIRE(larger);
  CHECK(larger->matrix.m == 64);
  facts.shared_memory = 8192;
  CHECK(!vulkan::cooperative_tiles(facts, 32, 128, tuning));
}
