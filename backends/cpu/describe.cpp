// SPDX-License-Identifier: Apache-2.0
// The processor in words: "AMD EPYC 7B13, 2 threads, 8.3 GB; f32, bf16, f16, i32, u8".
#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>
#include <string>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/threads.h"
#include "backends/shared/host_memory.h"

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

}  // namespace

std::string CpuBackend::description() const {
  return fmt::format("{}, {} thread{}, {:.1f} GB; f32, bf16, f16, i32, u8\nloops for {}; products by {}", processor(),
                     thread_count(), thread_count() == 1 ? "" : "s", static_cast<double>(physical_memory()) / 1e9,
                     kernels().isa, gemm_description());
}

}  // namespace thaw::cpu
