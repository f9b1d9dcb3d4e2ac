// SPDX-License-Identifier: Apache-2.0
// How well the one right answer of a question is found among many, by scores: retrieval.
#pragma once

#include <cstdint>
#include <span>

namespace thaw {

// The place of candidate `right` by score, from 1: how many candidates, itself among them, have no smaller score. So
// of equal scores it is the last, and a model that scores all alike finds nothing; a score that is no number is taken
// for the largest of others, and for the smallest of its own. Throws std::invalid_argument if it is not in
// [0, scores.size()).
int64_t rank_of(std::span<const float> scores, int64_t right);

// Means over questions of what their ranks are worth; 0 of none.
double recall_at(std::span<const int64_t> ranks, int64_t k);  // 1 for a rank of at most k
double mean_reciprocal_rank(std::span<const int64_t> ranks);  // 1 / rank

}  // namespace thaw
