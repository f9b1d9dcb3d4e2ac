// SPDX-License-Identifier: Apache-2.0
// The families of loops of one instruction set; each file of this folder fills in its part of the table. THAW_CPU_ISA
// is the namespace (meson.build).
#pragma once

#include "backends/cpu/kernels.h"

namespace thaw::cpu::THAW_CPU_ISA {

void add_pointwise(Kernels& table);
void add_convert(Kernels& table);
void add_random(Kernels& table);
void add_reduce(Kernels& table);
void add_softmax(Kernels& table);
void add_norm(Kernels& table);
void add_attention(Kernels& table);
void add_attention_backward(Kernels& table);
void add_decode_attention(Kernels& table);
void add_lstm(Kernels& table);
void add_optimizer(Kernels& table);
void add_vector_product(Kernels& table);
void add_thin_rows(Kernels& table);

// Kernels::dropout, for the loops that drop on the way (norm.cpp).
void dropout(float* y, const float* x, const float* residual, int64_t n, uint64_t first, const DropoutMask& mask);

const Kernels& table();

}  // namespace thaw::cpu::THAW_CPU_ISA
