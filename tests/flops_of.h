// SPDX-License-Identifier: Apache-2.0
// What something costs to compute.
#pragma once

#include "tensor/counters.h"

namespace thaw {

// Of f(): floating-point operations.
template <typename F>
double flops_of(F f) {
  counters() = {};
  f();
  return counters().flops;
}

}  // namespace thaw
