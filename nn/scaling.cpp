// SPDX-License-Identifier: Apache-2.0
// Factors of a product's numbers.
#include "nn/scaling.h"

#include "autograd/functions.h"
#include "nn/init.h"

namespace thaw {

ScalingAdapter::ScalingAdapter(const Scope& s, int64_t count, bool input)
    : factors(s.parameter("ia3_l", input ? Shape{1, count} : Shape{count, 1}, Init::ones())), on_input(input) {}

Variable ScalingAdapter::operator()(const Variable& numbers) const {
  return mul(numbers, reshape(factors, {factors.value().numel()}));
}

}  // namespace thaw
