// SPDX-License-Identifier: Apache-2.0
// Judges by blocks of vectors.
#include "models/tasks/embed/pair_vectors.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/ops.h"

namespace thaw {

namespace {

// The same bits for the same vectors, wherever they stand.
float cosine_of(const PairVectors& pairs, int64_t first, int64_t second) {
  const auto a = pairs.rows(pairs.first, first, 1), b = pairs.rows(pairs.second, second, 1);
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

std::vector<double> cosines_of(const PairVectors& pairs) {
  std::vector<double> cosines;
  for (int64_t pair = 0; pair < pairs.size(); ++pair)
    cosines.push_back(static_cast<double>(cosine_of(pairs, pair, pair)));
  return cosines;
}

std::vector<int64_t> partner_ranks(const PairVectors& pairs, const Device& device, int64_t block) {
  constexpr float rounding =
      1e-5F;  // of products: what is nearer is counted in one order, so that equal ones are equal
  const int64_t n = pairs.size();
  std::vector<int64_t> ranks(static_cast<size_t>(n), 0);
  for (int64_t begin = 0; begin < n; begin += block) {
    const int64_t queries = std::min(block, n - begin);
    const Tensor questions = pairs.block(pairs.first, begin, queries, device);
    const auto cosines_with = [&](int64_t candidate, int64_t count) {
      return matmul(questions, pairs.block(pairs.second, candidate, count, device).transpose()).to_host<float>();
    };
    const std::vector<float> among_own = cosines_with(begin, queries);
    for (int64_t candidate = 0; candidate < n; candidate += block) {
      const int64_t count = std::min(block, n - candidate);
      const std::vector<float> cosines = candidate == begin ? among_own : cosines_with(candidate, count);
      for (int64_t q = 0; q < queries; ++q) {
        const float own = among_own[static_cast<size_t>(q * queries + q)];
        const float near = rounding * std::max(1.0F, std::abs(own)), exact = cosine_of(pairs, begin + q, begin + q);
        for (int64_t c = 0; c < count; ++c) {
          const float other = cosines[static_cast<size_t>(q * count + c)];
          const bool is_near = std::abs(other - own) <= near;
          const bool is_below = is_near ? cosine_of(pairs, begin + q, candidate + c) < exact : other < own;
          ranks[static_cast<size_t>(begin + q)] += !is_below;  // nor is what is no number
        }
      }
    }
  }
  return ranks;
}

double mean_contrast(const PairVectors& pairs, const Contrast& contrast, const Device& device, int64_t block) {
  const NoGrad no_grad;
  const int64_t n = pairs.size(), parts = std::max<int64_t>(n / block, 1);
  double sum = 0;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t begin = n * part / parts, count = n * (part + 1) / parts - begin;
    Variable candidates = pairs.block(pairs.second, begin, count, device);
    if (!pairs.negatives.empty())
      candidates = concat({candidates, pairs.block(pairs.negatives, begin, count, device)}, 0);
    const Variable loss = contrastive_loss(pairs.block(pairs.first, begin, count, device), candidates, contrast, 1);
    sum += static_cast<double>(loss.item());
  }
  return sum / static_cast<double>(n);
}

}  // namespace thaw
