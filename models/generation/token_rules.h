// SPDX-License-Identifier: Apache-2.0
// Rules that raise, lower or forbid tokens before one is chosen.
#pragma once

#include <cstdint>
#include <span>

#include "models/generation/options.h"

namespace thaw {

class TokenRules {
 public:
  explicit TokenRules(const GenerationOptions& options);

  // No rule would ever change a score.
  bool empty() const { return empty_; }
  // Changes the scores [V] of the token that comes after `row`, whose first `prompt` tokens were given: logits, or log
  // probabilities where beams are compared. A token that may not come scores -infinity.
  void apply(std::span<const int32_t> row, size_t prompt, std::span<float> scores) const;

 private:
  GenerationOptions options_;
  bool empty_;
};

}  // namespace thaw
