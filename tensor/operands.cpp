// SPDX-License-Identifier: Apache-2.0
// Types and devices of operands.
#include "tensor/operands.h"

#include "tensor/backend.h"
#include "tensor/check.h"

namespace thaw {

void check_computed(const char* function, DType dtype, const Device& device) {
  if (dtype == DType::f32) return;
  check(is_floating(dtype), "{}: {} is not a floating type", function, name_of(dtype));
  check(dtype == DType::f64 && device.backend().supports(dtype),
        "{}: {} computes in f32, not in {}: convert by to(DType::f32)", function, device.name(), name_of(dtype));
}

void check_operand(const char* function, const char* argument, const Tensor& x) {
  check_defined(function, argument, x);
  check_computed(function, x.dtype(), x.device());
}

void check_beside(const char* function, const Tensor& a, const char* argument, const Tensor& b) {
  check_defined(function, argument, b);
  check(a.dtype() == b.dtype(), "{}: {} and {} are not one type", function, name_of(a.dtype()), name_of(b.dtype()));
  check(a.device() == b.device(), "{}: the inputs are on {} and {}", function, a.device().name(), b.device().name());
}

}  // namespace thaw
