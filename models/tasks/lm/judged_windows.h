// SPDX-License-Identifier: Apache-2.0
// What a model makes of the counted tokens of windows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/tasks/lm/documents.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/token_scores.h"

namespace thaw {

// Windows side by side, and where in all of them stands what their counted tokens are told from.
struct CountedTokens {
  std::vector<const Encoding*> texts;
  std::vector<int32_t> tokens, truths;  // the place before a counted token, and that token

  explicit CountedTokens(std::span<const LmWindow* const> windows);
};

struct JudgedWindow {
  TokenScores scores;         // of the counted tokens
  std::vector<float> losses;  // of each: -log p(token | those before it)
};

// In evaluation mode, without gradients, both of which the caller sees to. Logits of so many windows are there at once
// as need no more than logits_chunk_bytes, at least those of one.
std::vector<JudgedWindow> judge_windows(const TextPipeline& model, std::span<const LmWindow* const> windows);

}  // namespace thaw
