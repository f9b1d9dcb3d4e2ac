// SPDX-License-Identifier: Apache-2.0
// Which table of loops to use.
#include <cstdlib>
#include <string_view>

#include "backends/cpu/kernels.h"
#include "backends/shared/config.h"
#include "tensor/check.h"

namespace thaw::cpu {

namespace baseline {
const Kernels& table();
}
#if defined(__x86_64__)
namespace v3 {
const Kernels& table();
}
namespace v4 {
const Kernels& table();
}
#endif

namespace {

const Kernels* best_table() {
  for (const char* isa : {"v4", "v3"})
    if (const Kernels* table = kernels_for(isa)) return table;
  return &baseline::table();
}

const Kernels* chosen_table() {
  const char* const asked = asked_isa();
  if (!*asked) return best_table();
  const Kernels* table = kernels_for(asked);
  check(table != nullptr,
        "THAW_ISA={}: this machine has {} and what is below it, of baseline, v3 (AVX2 and FMA), v4 (AVX-512)", asked,
        best_table()->isa);
  return table;
}

const Kernels*& current() {
  static const Kernels* table = chosen_table();
  return table;
}

}  // namespace

const char* asked_isa() {
  const char* const asked = std::getenv("THAW_ISA");
  return asked ? asked : "";
}

const Kernels* kernels_for(const char* isa) {
  const std::string_view name = isa;
  if (name == "baseline") return &baseline::table();
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  if (name == "v3" && v3) return &v3::table();
  if (name == "v4" && v4) return &v4::table();
#endif
  return nullptr;
}

const Kernels& kernels() { return *current(); }

void use_kernels(const Kernels& table) { current() = &table; }

}  // namespace thaw::cpu
