// SPDX-License-Identifier: Apache-2.0
// Products by W + s B A.
#include "nn/adapters/low_rank.h"

#include <algorithm>
#include <cmath>

#include "nn/init.h"
#include "nn/scope.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// [out, in] of a weight in either layout.
Tensor by_outputs(const AdaptedWeight& on) { return on.in_out ? on.weight.value().transpose() : on.weight.value(); }

// The lengths of the rows [out, 1].
Tensor row_lengths(const Tensor& matrix) { return unary(UnaryOp::sqrt, sum(mul(matrix, matrix), {1}, true)); }

Tensor sum_of(const Tensor& w, const LowRankAdapter& adapter) {
  return add(w, matmul(adapter.b.value(), adapter.a.value(), {.scale = adapter.scale()}));
}

}  // namespace

LowRankAdapter::LowRankAdapter(const Scope& s, const AdaptedWeight& on, const LowRankOptions& o)
    : options(o), dropout(s, o.dropout) {
  const Tensor w = by_outputs(on);
  check(o.rank > 0 && o.rank <= std::min(w.size(0), w.size(1)), "{}: a rank of {} does not fit a weight {}", s.path(),
        o.rank, w.shape());
  check(std::isfinite(o.alpha) && o.alpha >= 0, "{}: alpha is {}", s.path(), o.alpha);
  a = s.parameter("lora_A.weight", {o.rank, w.size(1)}, Init::kaiming_uniform());
  b = s.parameter("lora_B.weight", {w.size(0), o.rank}, Init::zeros());
  if (!o.magnitudes) return;
  magnitude = s.parameter("lora_magnitude_vector", {w.size(0)}, Init::ones());
  magnitude.value().copy_from(row_lengths(w).reshape({w.size(0)}));
}

double LowRankAdapter::scale() const {
  const auto r = static_cast<double>(options.rank);
  return (options.alpha > 0 ? options.alpha : r) / (options.rank_stabilised ? std::sqrt(r) : r);
}

Variable LowRankAdapter::product(const Variable& x, const AdaptedWeight& on, UnaryOp activation) const {
  const Dropout dropped = dropout.next();
  const bool drops = dropped.probability > 0;
  const Variable read = drops ? thaw::dropout(x, dropped) : x;
  const auto by_weight = [&](const Variable& input, const Variable& bias) {
    return on.in_out ? linear_in_out(input, on.weight, bias) : linear(input, on.weight, bias);
  };
  const Variable low = thaw::scale(linear(linear(read, a), b), scale());
  Variable z;
  if (!magnitude.defined()) {
    z = add(by_weight(x, on.bias), low);
  } else {
    const Tensor lengths = row_lengths(sum_of(by_outputs(on), *this)).reshape({by_outputs(on).size(0)});
    const Variable factor = div(magnitude, Variable(lengths));
    if (drops) {  // what is not of the adapter reads x itself
      z = add(by_weight(x, on.bias), add(mul(affine(factor, 1, -1), by_weight(read, {})), mul(factor, low)));
    } else {
      z = mul(factor, add(by_weight(x, {}), low));
      if (on.bias.defined()) z = add(z, on.bias);
    }
  }
  return activation == UnaryOp::identity ? z : unary(activation, z);
}

Tensor LowRankAdapter::merged(const AdaptedWeight& on) const {
  Tensor w = sum_of(by_outputs(on), *this);
  if (magnitude.defined()) w = mul(w, div(magnitude.value().reshape({w.size(0), 1}), row_lengths(w)));
  return on.in_out ? w.transpose().contiguous() : w;
}

}  // namespace thaw
