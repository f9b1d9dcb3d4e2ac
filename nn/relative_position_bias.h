// SPDX-License-Identifier: Apache-2.0
// Relative position biases (Raffel et al. 2020, 2.1): a score gets a number by the distance of key and query, one of
// few for all distances of a bucket. H heads.
#pragma once

#include <cstdint>
#include <memory>

#include "autograd/functions.h"
#include "nn/scope.h"

namespace thaw {

// How distances key - query share numbers.
struct DistanceBuckets {
  bool causal = false;
  int64_t count = 32;
  int64_t max_distance = 128;  // it and all beyond share the last bucket

  // Of both directions: half of the buckets for keys before the query and at it, half for keys behind it. Causal: all
  // for keys before the query and at it. Half of those of a direction are for one distance each, the others grow with
  // its logarithm; computed in f32, as the reference library does.
  int32_t operator()(int64_t distance) const;
};

// The table of a stack's numbers and the buckets of as many distances as were asked for so far. Copies are ties.
class RelativePositionBias {
 public:
  RelativePositionBias() = default;
  // s: "SelfAttention.relative_attention_bias". rows: of the table, where there are more than buckets; 0: there are
  // not.
  RelativePositionBias(const Scope& s, const DistanceBuckets& buckets, int64_t heads, const Init& init,
                       int64_t rows = 0);

  bool defined() const { return table_.defined(); }
  const Parameter& table() const { return table_; }  // [buckets, H]

  // For segments of at most so many tokens. May be called by several threads.
  RelativeBiasVariable operator()(int64_t longest) const;
  // The same, or none if this one is undefined.
  RelativeBiasVariable of(int64_t longest) const { return defined() ? (*this)(longest) : RelativeBiasVariable(); }

 private:
  struct Distances;
  Parameter table_;
  std::shared_ptr<Distances> distances_;
};

}  // namespace thaw
