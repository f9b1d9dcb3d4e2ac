// SPDX-License-Identifier: Apache-2.0
// A text that a model wrote, and how it ended.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/generation/search.h"

namespace thaw {

struct WrittenText {
  std::string text;
  double score = 0;       // of beams; else the sum of log probabilities
  bool is_cut = false;    // it has no end: it has as many tokens as it may
  bool is_stuck = false;  // it has no end: rules forbid every token
  int64_t room = 0;       // the most tokens that it could have
};

// Of one source, the best first.
struct WrittenTexts {
  std::vector<WrittenText> texts;
  bool overflowed = false;  // the model's numbers were not finite: there are no texts
};

// `text`: what the hypothesis reads; `room`: the most tokens that it could have.
inline WrittenText written_text(const Hypothesis& one, std::string text, const GenerationOptions& options,
                                int64_t room) {
  const bool has_end = !one.ids.empty() && std::ranges::find(options.end_ids, one.ids.back()) != options.end_ids.end();
  const bool is_full = std::ssize(one.ids) >= room;
  return {std::move(text), one.score.value_or(0), !has_end && is_full, !has_end && !is_full, room};
}

}  // namespace thaw
