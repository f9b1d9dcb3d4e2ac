// SPDX-License-Identifier: Apache-2.0
// Generates behind prompts: asks a decoder for logits and searches for what goes on, until every row has ended.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "models/generation/decoder.h"
#include "models/generation/options.h"
#include "models/generation/search.h"

namespace thaw {

struct GenerationRequest {
  std::vector<std::vector<int32_t>> prompts;
  // What tells each prompt's draws from others': its number in the whole input, so that the batch it is in does not
  // matter. Empty: its number here.
  std::vector<uint64_t> numbers = {};
  // Called for each new token of a prompt as soon as it is certain: of greedy rows, and of sampling with one row for
  // each prompt.
  std::function<void(size_t prompt, int32_t id)> on_token = {};
  // Called for a prompt whose logits are not finite numbers: it has no hypotheses, and the others go on. Absent: that
  // is an error.
  std::function<void(size_t prompt)> on_overflow = {};
};

// Of each prompt num_return_sequences hypotheses, the best first; fewer where rules forbid every token. What it gives
// for a prompt does not depend on the others, but for the rounding of the decoder's products.
// std::invalid_argument: options that contradict each other, prompts without tokens or so long that no token fits (said
// by how many). std::runtime_error: logits that are not numbers.
std::vector<std::vector<Hypothesis>> generate(Decoder& decoder, const GenerationRequest& request,
                                              const GenerationOptions& options);

}  // namespace thaw
