// SPDX-License-Identifier: Apache-2.0
// Counts candidates that are as near as a partner, block by block.
#include "models/tasks/partner_ranks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "tensor/ops.h"

namespace thaw {

namespace {

// Rows of C numbers.
struct Rows {
  std::span<const float> numbers;
  int64_t width;

  int64_t count() const { return std::ssize(numbers) / width; }
  std::span<const float> operator[](int64_t row) const {
    return numbers.subspan(static_cast<size_t>(row * width), static_cast<size_t>(width));
  }
  Tensor block(int64_t begin, int64_t count, const Device& device) const {
    return Tensor::from_host(numbers.subspan(static_cast<size_t>(begin * width), static_cast<size_t>(count * width)),
                             {count, width}, device);
  }
};

// No number, if one of them is none.
float best_cosine(std::span<const float> query, const Rows& candidates, const std::vector<int64_t>& partners) {
  float best = -std::numeric_limits<float>::infinity();
  for (const int64_t partner : partners) {
    const float cosine = exact_cosine(query, candidates[partner]);
    if (std::isnan(cosine)) return cosine;
    best = std::max(best, cosine);
  }
  return best;
}

}  // namespace

float exact_cosine(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<int64_t> partner_ranks(std::span<const float> query_rows, std::span<const float> candidate_rows,
                                   int64_t width, const std::vector<std::vector<int64_t>>& partners,
                                   const Device& device, int64_t block) {
  // Of products: what is nearer is counted in one order, so that equal ones are equal.
  constexpr float rounding = 1e-5F;
  const Rows queries{query_rows, width}, candidates{candidate_rows, width};
  std::vector<int64_t> ranks(partners.size(), 1);
  for (int64_t begin = 0; begin < queries.count(); begin += block) {
    const int64_t rows = std::min(block, queries.count() - begin);
    const Tensor questions = queries.block(begin, rows, device);
    std::vector<float> best;
    for (int64_t q = begin; q < begin + rows; ++q)
      best.push_back(best_cosine(queries[q], candidates, partners[static_cast<size_t>(q)]));
    for (int64_t first = 0; first < candidates.count(); first += block) {
      const int64_t columns = std::min(block, candidates.count() - first);
      const std::vector<float> cosines =
          matmul(questions, candidates.block(first, columns, device).transpose()).to_host<float>();
      for (int64_t q = 0; q < rows; ++q) {
        const std::vector<int64_t>& own = partners[static_cast<size_t>(begin + q)];
        const float least = best[static_cast<size_t>(q)], near = rounding * std::max(1.0F, std::abs(least));
        for (int64_t c = 0; c < columns; ++c) {
          const float other = cosines[static_cast<size_t>(q * columns + c)];
          const bool is_near = std::abs(other - least) <= near;
          const bool is_below =
              is_near ? exact_cosine(queries[begin + q], candidates[first + c]) < least : other < least;
          if (is_below || std::ranges::find(own, first + c) != own.end()) continue;  // what is no number is not below
          ++ranks[static_cast<size_t>(begin + q)];
        }
      }
    }
  }
  return ranks;
}

}  // namespace thaw
