// SPDX-License-Identifier: Apache-2.0
// Reads /proc/meminfo and the control group's files.
#include "backends/shared/host_memory.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <string>

namespace thaw {
namespace {

constexpr const char* limit_file = "/sys/fs/cgroup/memory.max";

// Bytes of the lines "NAME: N kB".
std::map<std::string, uint64_t> meminfo() {
  std::map<std::string, uint64_t> bytes;
  std::ifstream in("/proc/meminfo");
  std::string name, unit;
  for (uint64_t kib = 0; in >> name >> kib && std::getline(in, unit);)
    bytes[name.substr(0, name.size() - 1)] = kib * 1024;
  return bytes;
}

// 0 if there is no number in the file ("max").
uint64_t number_in(const char* file) {
  uint64_t value = 0;
  std::ifstream(file) >> value;
  return value;
}

// Bytes in use that the kernel can take back: files that it keeps.
uint64_t reclaimable() {
  uint64_t bytes = 0;
  std::ifstream statistics("/sys/fs/cgroup/memory.stat");
  std::string name;
  for (uint64_t value = 0; statistics >> name >> value;)
    if (name == "inactive_file" || name == "active_file") bytes += value;
  return bytes;
}

}  // namespace

uint64_t physical_memory() {
  const uint64_t system = meminfo()["MemTotal"], limit = number_in(limit_file);
  return limit == 0 ? system : std::min(system, limit);
}

DeviceMemory host_memory() {
  std::map<std::string, uint64_t> system = meminfo();
  const DeviceMemory memory{system["MemTotal"] + system["SwapTotal"], system["MemAvailable"] + system["SwapFree"]};
  const uint64_t limit = number_in(limit_file);
  if (limit == 0) return memory;
  const uint64_t used = number_in("/sys/fs/cgroup/memory.current"), files = std::min(used, reclaimable()),
                 free = limit - std::min(limit, used - files), swap = system["SwapTotal"];
  return {std::min(memory.total, limit + swap), std::min(memory.available, free + swap)};
}

}  // namespace thaw
