// SPDX-License-Identifier: Apache-2.0
// Buckets of distances, made once for the longest text so far.
#include "nn/relative_position_bias.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <utility>
#include <vector>

#include "tensor/check.h"

namespace thaw {

int32_t DistanceBuckets::operator()(int64_t distance) const {
  const int64_t buckets = causal ? count : count / 2;
  const int64_t first = !causal && distance > 0 ? buckets : 0;
  const int64_t length = causal ? std::max<int64_t>(-distance, 0) : std::abs(distance);
  const int64_t exact = buckets / 2;
  if (length < exact) return static_cast<int32_t>(first + length);
  const float logarithm = std::log(static_cast<float>(length) / static_cast<float>(exact));
  const auto whole = static_cast<float>(std::log(static_cast<double>(max_distance) / static_cast<double>(exact)));
  const auto beyond = static_cast<int64_t>(logarithm / whole * static_cast<float>(buckets - exact));
  return static_cast<int32_t>(first + std::min(buckets - 1, exact + beyond));
}

// Of the distances [-reach, reach].
struct RelativePositionBias::Distances {
  DistanceBuckets buckets;
  std::mutex growing;
  int64_t reach = -1;
  Indices bucket_of;
};

RelativePositionBias::RelativePositionBias(const Scope& s, const DistanceBuckets& buckets, int64_t heads,
                                           const Init& init, int64_t rows)
    : table_(s.parameter("weight", {std::max(rows, buckets.count), heads}, init)),
      distances_(std::make_shared<Distances>()) {
  check(buckets.count >= 4 && buckets.max_distance > buckets.count / 2, "{}: {} buckets for distances up to {}",
        s.path(), buckets.count, buckets.max_distance);
  distances_->buckets = buckets;
}

RelativeBiasVariable RelativePositionBias::operator()(int64_t longest) const {
  check(defined(), "relative bias: it has no table");
  check(longest >= 0, "relative bias: {} tokens", longest);
  const std::scoped_lock lock(distances_->growing);
  if (distances_->reach < longest) {
    const auto reach = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(longest)));
    std::vector<int32_t> bucket_of;
    for (int64_t d = -reach; d <= reach; ++d) bucket_of.push_back(distances_->buckets(d));
    distances_->bucket_of = Indices(std::move(bucket_of), table_.value().device());
    distances_->reach = reach;
  }
  return {table_, distances_->bucket_of, distances_->reach};
}

}  // namespace thaw
