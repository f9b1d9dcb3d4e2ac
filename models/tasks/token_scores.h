// SPDX-License-Identifier: Apache-2.0
// How well a model found tokens, one by one.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/metrics/text_matches.h"
#include "nn/train/metrics.h"

namespace thaw {

struct TokenScores {
  TokenLosses losses;
  int64_t right = 0;  // tokens for which the likeliest was the true one

  TokenScores& operator+=(const TokenScores& other) {
    losses += other.losses;
    right += other.right;
    return *this;
  }
  // perplexity: exp of the mean loss of a token; accuracy: the share of them for which the likeliest is right.
  Metrics metrics() const {
    const auto tokens = static_cast<double>(std::max<int64_t>(losses.tokens, 1));
    return {{"perplexity", losses.perplexity()}, {"accuracy", static_cast<double>(right) / tokens}};
  }
};

}  // namespace thaw
