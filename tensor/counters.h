// SPDX-License-Identifier: Apache-2.0
// What this thread launched: counted where tensor/ops_*.cpp calls a backend, so that tests can show what freezing
// skips; and which fused functions ran by their default bodies, so that who ports a backend sees what is left to do.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace thaw {

struct Counters {
  uint64_t launches = 0;  // backend functions called
  uint64_t matmuls = 0;
  double flops = 0;  // of matrix products and attention: 2 per multiply-add
  std::map<std::string, uint64_t> by_name;
  std::map<std::string, uint64_t> default_bodies;  // fused functions that the backend did not override
};

// The calling thread's own.
Counters& counters();
void count_launch(const char* name, double flops = 0);
void count_default_body(const char* name);

}  // namespace thaw
