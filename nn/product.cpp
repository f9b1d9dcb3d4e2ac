// SPDX-License-Identifier: Apache-2.0
// A product and what is on it.
#include "nn/product.h"

#include "autograd/compressed_weight.h"

namespace thaw {
namespace {

Variable plain(const Product& p, const Variable& x, UnaryOp activation) {
  const auto by = [&](const auto& weight) {
    return p.layout == WeightLayout::out_in ? linear(x, weight, p.bias, activation)
                                            : linear_in_out(x, weight, p.bias, activation);
  };
  return p.weight.compressed() ? by(*p.weight.compressed()) : by(p.weight.variable());
}

Variable activated(const Variable& x, UnaryOp activation) {
  return activation == UnaryOp::identity ? x : unary(activation, x);
}

}  // namespace

Variable Product::operator()(const Variable& x, UnaryOp activation) const {
  if (!adapted()) return plain(*this, x, activation);
  const bool scales_output = scaling && !scaling->on_input;
  const Variable read = scaling && scaling->on_input ? (*scaling)(x) : x;
  const UnaryOp inside = scales_output ? UnaryOp::identity : activation;
  Variable y = low_rank ? low_rank->product(read, adapted_weight(), inside) : plain(*this, read, inside);
  if (scales_output) y = activated((*scaling)(y), activation);
  return bottleneck ? (*bottleneck)(y) : y;
}

}  // namespace thaw
