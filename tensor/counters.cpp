// SPDX-License-Identifier: Apache-2.0
// A set of counters for each thread.
#include "tensor/counters.h"

#include <cstring>

namespace thaw {

Counters& counters() {
  thread_local Counters all;
  return all;
}

void count_launch(const char* name, double flops) {
  Counters& all = counters();
  ++all.launches;
  ++all.by_name[name];
  all.matmuls += std::strcmp(name, "matmul") == 0;
  all.flops += flops;
}

void count_default_body(const char* name) { ++counters().default_bodies[name]; }

}  // namespace thaw
