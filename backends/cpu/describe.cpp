// SPDX-License-Identifier: Apache-2.0
// The processor in words: "AMD EPYC 7B13, 2 threads, 8.3 GB; f32, bf16, f16, i32, u8".
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/threads.h"

namespace thaw::cpu {
namespace {

// What /proc/cpuinfo calls it; where it says nothing: "aarch64".
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name"))
      if (const size_t colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  utsname machine{};
  return uname(&machine) == 0 ? machine.machine : "a processor";
}

// Of the machine, or the control group's limit (cgroup v2) if that is lower.
double gigabytes() {
  double bytes = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  std::ifstream file("/sys/fs/cgroup/memory.max");
  double limit = 0;
  if (file >> limit) bytes = std::min(bytes, limit);
  return bytes / 1e9;
}

}  // namespace

std::string CpuBackend::description() const {
  return fmt::format("{}, {} thread{}, {:.1f} GB; f32, bf16, f16, i32, u8\nloops for {}; products by {}", processor(),
                     thread_count(), thread_count() == 1 ? "" : "s", gigabytes(), kernels().isa, gemm_description());
}

}  // namespace thaw::cpu
