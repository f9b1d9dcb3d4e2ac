// SPDX-License-Identifier: Apache-2.0
// What a model can take of a text behind the prompts and prefixes that are on it then.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/text_model.h"
#include "nn/attention_prefix.h"
#include "nn/soft_prompt.h"

namespace thaw {

// `limits` of a model in the store: where it has positions, they take theirs of them, whenever it is asked.
inline TextLimits behind_prompts(TextLimits limits, const ParameterStore& store) {
  if (limits.positions == TextLimits().positions) return limits;
  limits.taken = [prompts = store.soft_prompts(), prefixes = store.attention_prefixes()] {
    const auto most_rows = [](const auto& places) {
      int64_t most = 0;
      for (const auto& place : places) most = std::max(most, place->count());
      return most;
    };
    return most_rows(prompts) + most_rows(prefixes);
  };
  return limits;
}

}  // namespace thaw
