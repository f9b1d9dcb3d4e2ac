// SPDX-License-Identifier: Apache-2.0
// Products by W + s B A.
#include "nn/low_rank.h"

#include <algorithm>
#include <cmath>

#include "autograd/compressed_weight.h"
#include "nn/init.h"
#include "nn/scope.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// As it is multiplied by, in the layout in which it is stored.
Tensor whole(const Parameter& weight) { return weight.compressed() ? weight.compressed()->expanded() : weight.value(); }

// [out, in] of a weight in either layout.
Tensor by_outputs(const AdaptedWeight& on) {
  const Tensor w = whole(on.weight);
  return on.in_out ? w.transpose() : w;
}

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
  // By the very function that they are divided by: the factors are exactly 1 at first.
  magnitude.value().copy_from(
      low_rank_row_norms(square_norms(on), whole(on.weight), a.value(), b.value(), scale(), on.in_out));
}

double LowRankAdapter::scale() const {
  const auto r = static_cast<double>(options.rank);
  return (options.alpha > 0 ? options.alpha : r) / (options.rank_stabilised ? std::sqrt(r) : r);
}

Tensor LowRankAdapter::square_norms(const AdaptedWeight& on) const {
  const std::lock_guard lock(kept_->mutex);
  const uint64_t version = on.weight.value().view().block->version;
  if (!kept_->value.defined() || kept_->version != version) {
    kept_->value = row_square_norms(whole(on.weight), on.in_out);
    kept_->version = version;
  }
  return kept_->value;
}

Variable LowRankAdapter::product(const Variable& x, const AdaptedWeight& on, UnaryOp activation) const {
  const LowRank change{a, b, scale(), dropout.next()};
  const CompressedWeight* const compressed = on.weight.compressed();
  if (!magnitude.defined()) {
    if (compressed) return low_rank_linear(x, *compressed, on.bias, change, activation, on.in_out);
    return low_rank_linear(x, on.weight, on.bias, change, activation, on.in_out);
  }
  const Tensor norms = low_rank_row_norms(square_norms(on), whole(on.weight), a.value(), b.value(), scale(), on.in_out);
  if (compressed) return dora_linear(x, *compressed, on.bias, change, magnitude, norms, activation, on.in_out);
  return dora_linear(x, on.weight, on.bias, change, magnitude, norms, activation, on.in_out);
}

Tensor LowRankAdapter::merged(const AdaptedWeight& on) const {
  Tensor w = sum_of(by_outputs(on), *this);
  if (magnitude.defined()) w = mul(w, div(magnitude.value().reshape({w.size(0), 1}), row_lengths(w)));
  return on.in_out ? w.transpose().contiguous() : w;
}

}  // namespace thaw
