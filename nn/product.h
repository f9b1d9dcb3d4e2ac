// SPDX-License-Identifier: Apache-2.0
// A product with a parameter, as the store knows it: what rules about products find, and what they put on it. Every
// Linear has one; its copies share it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "nn/bottleneck.h"
#include "nn/low_rank.h"
#include "nn/scaling.h"

namespace thaw {

// How a checkpoint stores W.
enum class WeightLayout {
  out_in,  // [out, in]: torch's Linear
  in_out,  // [in, out]: GPT-2's Conv1D
};

// What the product is for in a transformer block: where adapters go if no pattern says it.
enum class ProductRole {
  other,
  query,
  key,
  value,
  joined,            // queries, keys and values in one
  attention_output,  // behind the heads
  inner,             // of the feed-forward part
  outer,             // behind its activation
};

struct Product {
  std::string path;  // of its scope: "bert.encoder.layer.0.attention.self.query"
  Parameter weight;  // [out, in] or [in, out], as `layout` says
  Parameter bias;    // [out], or undefined
  WeightLayout layout = WeightLayout::out_in;
  ProductRole role = ProductRole::other;

  // What is on it; each at most once. y = act(product(x)) becomes, in this order,
  //   x scaled, or the output (bias included) scaled; W + low rank for W; a bottleneck behind the activation.
  std::optional<LowRankAdapter> low_rank;
  std::optional<ScalingAdapter> scaling;
  std::optional<BottleneckAdapter> bottleneck;

  int64_t in() const { return weight.value().size(layout == WeightLayout::out_in ? 1 : 0); }
  int64_t out() const { return weight.value().size(layout == WeightLayout::out_in ? 0 : 1); }
  bool adapted() const { return low_rank || scaling || bottleneck; }
  AdaptedWeight adapted_weight() const { return {weight, bias, layout == WeightLayout::in_out}; }

  // [..., in] -> [..., out]
  Variable operator()(const Variable& x, UnaryOp activation) const;
};

}  // namespace thaw
