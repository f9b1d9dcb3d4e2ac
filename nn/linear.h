// SPDX-License-Identifier: Apache-2.0
// Linear: y = act(x W^T + b), the only way to a product with a parameter. What rules put on the product (adapters,
// nn/product.h) is a part of it.
#pragma once

#include <cstdint>
#include <memory>

#include "autograd/functions.h"
#include "nn/product.h"
#include "nn/scope.h"

namespace thaw {

struct Linear {
  Parameter weight;  // [out, in] or [in, out], as `layout` says
  Parameter bias;    // [out], or undefined
  WeightLayout layout = WeightLayout::out_in;

  Linear() = default;
  // Weight and bias from U(-1 / sqrt(in), 1 / sqrt(in)), as torch's Linear.
  Linear(const Scope& s, int64_t in, int64_t out, bool with_bias = true, WeightLayout stored = WeightLayout::out_in);
  // `init` draws the weight in the shape in which it is stored; the bias begins at 0.
  Linear(const Scope& s, int64_t in, int64_t out, const Init& init, bool with_bias = true,
         WeightLayout stored = WeightLayout::out_in);
  // The product at `s` by a weight that is another module's too (a tie): word embeddings [V, C] turn C channels into V
  // logits. Its bias, if any, is its own. Shapes that are not one product's are an error.
  Linear(const Scope& s, const Parameter& shared_weight, const Parameter& own_bias = {},
         WeightLayout stored = WeightLayout::out_in);

  // What it is for, where that is not `other`: query = Linear(...).as(ProductRole::query).
  Linear as(ProductRole role) const;

  bool defined() const { return weight.defined(); }
  int64_t in() const { return weight.value().size(layout == WeightLayout::out_in ? 1 : 0); }
  int64_t out() const { return weight.value().size(layout == WeightLayout::out_in ? 0 : 1); }

  // [..., in] -> [..., out]
  Variable operator()(const Variable& x, UnaryOp activation = UnaryOp::identity) const;
  // [T, in] -> []: the cross-entropy of scale x W^T + b, whose logits are never there as a whole
  // (linear_cross_entropy). `rows`, if it is there, gets each row's own loss, undivided.
  Variable cross_entropy(const Variable& x, const Indices& targets, const CrossEntropy& options = {}, double count = 0,
                         double scale = 1, Tensor* rows = nullptr) const;

 private:
  std::shared_ptr<Product> product_;  // the same in all copies
};

}  // namespace thaw
