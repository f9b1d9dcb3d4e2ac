// SPDX-License-Identifier: Apache-2.0
// The pipeline cache on disk: kept, refused when damaged or foreign, never an error.
#include <doctest/doctest.h>

#include <filesystem>

#include "backends/vulkan/cache_file.h"
#include "tensor/ops.h"
#include "tests/backends/vulkan/device.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;
using vulkan::VulkanBackend;

namespace {

void use_device() {
  VulkanBackend backend("");
  CHECK(affine(Tensor::full({3}, 1, DType::f32, Device(backend)), 2, 1).to_host<float>() == std::vector<float>(3, 3));
}

// What is in the file is of this device and driver. Not to the byte what was there before: a driver that has compiled a
// kernel once may keep it otherwise the second time.
bool is_sound(const std::string& path) {
  const VulkanBackend backend("");
  return !vulkan::read_cache(path, backend.facts()).empty();
}

std::string only_file(const ScratchFolder& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "cache"))
    files.push_back(entry.path().string());
  REQUIRE(files.size() == 1);
  return files[0];
}

}  // namespace

TEST_CASE("vulkan pipelines: the cache is kept, and made anew when it is damaged or cut") {
  SKIP_WITHOUT_VULKAN();
  const ScratchFolder folder;
  const Environment place("THAW_VULKAN_CACHE", folder / "cache");
  use_device();
  const std::string path = only_file(folder);
  const std::string whole = read_bytes(path);
  for (const size_t at : {size_t{3}, whole.size() / 2, whole.size() - 1}) {
    CAPTURE(at);
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    folder.write(std::filesystem::relative(path, folder.path()).string(), damaged);
    use_device();
    CHECK(only_file(folder) == path);
    CHECK(is_sound(path));
  }
  folder.write(std::filesystem::relative(path, folder.path()).string(), whole.substr(0, whole.size() / 2));
  CHECK_FALSE(is_sound(path));
  use_device();
  CHECK(is_sound(path));
}

TEST_CASE("vulkan pipelines: a cache that cannot be written costs time only") {
  SKIP_WITHOUT_VULKAN();
  const ScratchFolder folder;
  folder.write("cache", "a file where the folder should be");
  const Environment place("THAW_VULKAN_CACHE", folder / "cache");
  use_device();
}

TEST_CASE("vulkan cache file: read back by the device and driver that wrote it, by no other") {
  const ScratchFolder folder;
  vulkan::Facts facts;
  facts.uuid = std::string(32, 'a');
  facts.cache_uuid = std::string(32, 'b');
  facts.driver_version = 7;
  const std::string path = folder / "deep/below/pipelines.cache";
  const std::vector<std::byte> data(1000, std::byte{42});
  CHECK(vulkan::read_cache(path, facts).empty());
  vulkan::write_cache(path, facts, data);
  CHECK(vulkan::read_cache(path, facts) == data);
  for (int change = 0; change < 3; ++change) {
    vulkan::Facts other = facts;
    if (change == 0) other.uuid[0] = 'c';
    if (change == 1) other.cache_uuid[0] = 'c';
    if (change == 2) other.driver_version = 8;
    CHECK(vulkan::read_cache(path, other).empty());
  }
}

TEST_CASE("vulkan cache file: its place") {
  vulkan::Facts facts;
  facts.uuid = "cafe";
  facts.driver_version = 7;
  {
    const Environment own("THAW_VULKAN_CACHE", "/x");
    CHECK(vulkan::cache_path(facts) == "/x/vulkan-cafe-00000007.cache");
  }
  {
    const Environment none("THAW_VULKAN_CACHE", "");
    CHECK(vulkan::cache_path(facts).empty());
  }
  if (std::getenv("THAW_VULKAN_CACHE")) return;
  const Environment common("XDG_CACHE_HOME", "/y");
  CHECK(vulkan::cache_path(facts) == "/y/thaw/vulkan-cafe-00000007.cache");
}
