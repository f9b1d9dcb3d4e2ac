// SPDX-License-Identifier: Apache-2.0
// The whole table of one instruction set.
#include "backends/cpu/kernels/families.h"
#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {

const Kernels& table() {
  static const Kernels whole = [] {
    Kernels all;
    all.isa = isa_name;
    add_pointwise(all);
    add_convert(all);
    add_random(all);
    add_reduce(all);
    add_softmax(all);
    add_norm(all);
    add_attention(all);
    add_attention_backward(all);
    add_decode_attention(all);
    add_lstm(all);
    add_optimizer(all);
    add_vector_product(all);
    add_thin_rows(all);
    return all;
  }();
  return whole;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
