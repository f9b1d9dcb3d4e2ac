// SPDX-License-Identifier: Apache-2.0
// Judges by blocks of vectors.
#include "models/tasks/embed/pair_vectors.h"

#include <algorithm>
#include <cstddef>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/tasks/partner_ranks.h"

namespace thaw {

std::vector<double> cosines_of(const PairVectors& pairs) {
  std::vector<double> cosines;
  for (int64_t pair = 0; pair < pairs.size(); ++pair)
    cosines.push_back(
        static_cast<double>(exact_cosine(pairs.rows(pairs.first, pair, 1), pairs.rows(pairs.second, pair, 1))));
  return cosines;
}

std::vector<int64_t> partner_ranks(const PairVectors& pairs, const Device& device, int64_t block) {
  std::vector<std::vector<int64_t>> partners;
  for (int64_t pair = 0; pair < pairs.size(); ++pair) partners.push_back({pair});
  return partner_ranks(pairs.first, pairs.second, pairs.width, partners, device, block);
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
