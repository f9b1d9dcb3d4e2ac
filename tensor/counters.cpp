// SPDX-License-Identifier: Apache-2.0
// The one set of counters.
#include "tensor/counters.h"

#include <cstring>

namespace thaw {

Counters& counters() {
  static Counters all;
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
