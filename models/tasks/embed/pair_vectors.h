// SPDX-License-Identifier: Apache-2.0
// Vectors of pairs that are kept to judge a model by: cosines, ranks of partners, the contrastive loss. N pairs, C
// numbers a vector.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/tasks/embed/similarity.h"
#include "tensor/device.h"
#include "tensor/tensor.h"

namespace thaw {

struct PairVectors {
  int64_t width = 0;                            // C
  std::vector<float> first, second, negatives;  // [N, C] row-major, of unit length; negatives: or none

  int64_t size() const { return static_cast<int64_t>(first.size()) / width; }
  std::span<const float> rows(const std::vector<float>& of, int64_t begin, int64_t count) const {
    return std::span(of).subspan(static_cast<size_t>(begin * width), static_cast<size_t>(count * width));
  }
  // [count, C]: a copy of these rows.
  Tensor block(const std::vector<float>& of, int64_t begin, int64_t count, Device device) const {
    return Tensor::from_host(rows(of, begin, count), {count, width}, device);
  }
};

// Of each pair: [N].
std::vector<double> cosines_of(const PairVectors& pairs);
// Of each first text the place of its partner among all second texts, as rank_of() counts it: [N]. Cosines are computed
// in blocks of at most `block` by `block`, so that memory does not grow with N^2.
std::vector<int64_t> partner_ranks(const PairVectors& pairs, const Device& device, int64_t block = 512);
// The mean of contrastive_loss over blocks of pairs that follow one another: equal parts of at least `block`, or one of
// all if they are fewer. So it is the same however the vectors were computed.
double mean_contrast(const PairVectors& pairs, const Contrast& contrast, const Device& device, int64_t block = 32);

}  // namespace thaw
