// SPDX-License-Identifier: Apache-2.0
// Down, an activation, up, and the way around.
#include "nn/bottleneck.h"

#include "autograd/functions.h"
#include "nn/init.h"
#include "tensor/check.h"

namespace thaw {

BottleneckAdapter::BottleneckAdapter(const Scope& s, int64_t channels, const BottleneckOptions& o) : options(o) {
  check(o.size > 0, "{}: an adapter of size {}", s.path(), o.size);
  const Scope below = s / "adapter_down", above = s / "adapter_up";
  down = below.parameter("weight", {o.size, channels}, Init::normal(0.02));
  down_bias = below.parameter("bias", {o.size}, Init::zeros());
  up = above.parameter("weight", {channels, o.size}, Init::zeros());
  up_bias = above.parameter("bias", {channels}, Init::zeros());
}

Variable BottleneckAdapter::operator()(const Variable& y) const {
  return add(y, linear(linear(y, down, down_bias, options.activation), up, up_bias));
}

}  // namespace thaw
