// SPDX-License-Identifier: Apache-2.0
// What functions ask of their tensors before they launch anything.
#pragma once

#include "tensor/tensor.h"

namespace thaw {

// std::invalid_argument unless numbers of that type are computed with on this device: f32 everywhere, f64 where it can
// be held (the reference). What else is held (bf16, f16, i32) is cast, copied and, if floating, multiplied as matrices.
void check_computed(const char* function, DType dtype, const Device& device);
// Defined, and of a type that is computed with.
void check_operand(const char* function, const char* argument, const Tensor& x);
// Goes with `a`, which is an operand: defined, of one type and on one device with it.
void check_beside(const char* function, const Tensor& a, const char* argument, const Tensor& b);

}  // namespace thaw
