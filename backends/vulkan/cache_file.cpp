// SPDX-License-Identifier: Apache-2.0
// Header line, checksum, data. The driver checks its own header too, but not every driver survives a damaged body.
#include "backends/vulkan/cache_file.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/cache_folder.h"

namespace thaw::vulkan {
namespace {

// FNV-1a (Fowler, Noll, Vo), 64 bits.
uint64_t checksum(std::span<const std::byte> data) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (std::byte byte : data) hash = (hash ^ static_cast<uint64_t>(byte)) * 0x100000001B3u;
  return hash;
}

std::string header(const Facts& facts, std::span<const std::byte> data) {
  return fmt::format("thaw pipelines 1 {} {} {:08x} {} bytes {:016x}\n", facts.uuid, facts.cache_uuid,
                     facts.driver_version, data.size(), checksum(data));
}

}  // namespace

std::string cache_path(const Facts& facts) {
  const char* own = std::getenv("THAW_VULKAN_CACHE");
  const std::string folder = own ? own : cache_folder();
  if (folder.empty()) return "";
  return fmt::format("{}/vulkan-{}-{:08x}.cache", folder, facts.uuid, facts.driver_version);
}

std::vector<std::byte> read_cache(const std::string& path, const Facts& facts) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!file || !std::getline(file, line)) return {};
  const std::string rest{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto data = std::as_bytes(std::span(rest));
  if (line + "\n" != header(facts, data)) return {};
  return {data.begin(), data.end()};
}

void write_cache(const std::string& path, const Facts& facts, std::span<const std::byte> data) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  const std::string line = header(facts, data);
  AtomicFile file(path, line.size() + data.size());
  file.write(line);
  file.write(data);
  file.commit();
}

}  // namespace thaw::vulkan
