// SPDX-License-Identifier: Apache-2.0
// Adapters behind a product (Houlsby et al. 2019; Pfeiffer et al. 2021 have the one behind the feed-forward part
// alone): y + up(act(down(y))), down from C to few channels, up back to C.
#pragma once

#include <cstdint>

#include "nn/parameter.h"
#include "nn/scope.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

struct BottleneckOptions {
  int64_t size = 64;  // channels in between
  UnaryOp activation = UnaryOp::gelu;
  bool operator==(const BottleneckOptions&) const = default;
};

struct BottleneckAdapter {
  BottleneckOptions options;
  Parameter down, down_bias;  // "adapter_down.weight" [size, C], "adapter_down.bias" [size]
  Parameter up, up_bias;      // "adapter_up.weight" [C, size], "adapter_up.bias" [C]

  // Begins without effect: what goes up is 0.
  BottleneckAdapter(const Scope& s, int64_t channels, const BottleneckOptions& o);

  Variable operator()(const Variable& y) const;  // [..., C] -> [..., C]
};

}  // namespace thaw
