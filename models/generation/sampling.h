// SPDX-License-Identifier: Apache-2.0
// Which tokens may be drawn, and the draw.
#pragma once

#include <cstdint>
#include <span>

#include "models/generation/options.h"
#include "tensor/random_key.h"

namespace thaw {

// Divides the scores [V] of a token by the temperature and leaves those that top_k, then top_p, then min_p allow; all
// others become -infinity. The likeliest always stays.
void filter_scores(const GenerationOptions& options, std::span<float> scores);

// A token by the probabilities softmax(scores): number `step` of the stream decides. -1 if no score is finite.
int32_t draw(std::span<const float> scores, RandomKey key, int64_t step);

}  // namespace thaw
