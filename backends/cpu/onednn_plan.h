// SPDX-License-Identifier: Apache-2.0
// One product's primitive of oneDNN.
#pragma once

#include <dnnl.hpp>
#include <string>

#include "backends/cpu/gemm.h"

namespace thaw::cpu {

struct Plan {
  dnnl::matmul primitive;
  dnnl::memory a, b, bias, out;
  bool usable = false;
  bool packed = false;  // b is in a layout of oneDNN's own
  std::string way;      // "oneDNN brgemm:avx512_core", and the layout of b if it is packed
};

// Not usable where oneDNN has no fast kernel. `packs`: b may be packed.
Plan make_plan(const Gemm& gemm, bool packs);
// b in the plan's own layout: a new copy, one in this thread's scratch memory, or as it lies.
dnnl::memory packed_b(const Gemm& gemm, const Plan& plan);
dnnl::memory briefly_packed_b(const Gemm& gemm, const Plan& plan);
dnnl::memory plain_b(const Gemm& gemm, const Plan& plan);
// Computes; b is one of those above.
void execute(Plan& plan, const Gemm& gemm, const dnnl::memory& b);

}  // namespace thaw::cpu
