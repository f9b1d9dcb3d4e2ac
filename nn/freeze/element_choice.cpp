// SPDX-License-Identifier: Apache-2.0
// Finds the score that divides them, then takes what is beyond it and the first of those that have it.
#include "nn/freeze/element_choice.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "tensor/check.h"

namespace thaw {
namespace {

using Scores = std::span<const std::vector<float>>;

void choose(Scores scores, const ElementChoice& choice, std::span<std::vector<uint8_t>> masks) {
  std::vector<float> all;
  for (const std::vector<float>& some : scores) all.insert(all.end(), some.begin(), some.end());
  int64_t left = chosen_of(std::ssize(all), choice.keep);
  if (left == 0) return;
  const auto better = [&](float a, float b) { return choice.smallest ? a < b : a > b; };
  const auto last = all.begin() + left - 1;
  std::nth_element(all.begin(), last, all.end(), better);
  const float limit = *last;
  left -= std::count_if(all.begin(), last, [&](float score) { return better(score, limit); });
  for (size_t t = 0; t < scores.size(); ++t)
    for (size_t i = 0; i < scores[t].size(); ++i) {
      const float score = scores[t][i];
      const bool equal = score == limit && left > 0;
      if (equal) --left;
      masks[t][i] = equal || better(score, limit);
    }
}

}  // namespace

int64_t chosen_of(int64_t numbers, double keep) {
  if (numbers == 0) return 0;
  return std::clamp<int64_t>(std::llround(keep * static_cast<double>(numbers)), 1, numbers);
}

std::vector<std::vector<uint8_t>> choose_elements(Scores scores, const ElementChoice& choice) {
  check(choice.keep > 0 && choice.keep <= 1, "a share of {} to be trained: it must be above 0, and at most 1",
        choice.keep);
  std::vector<std::vector<uint8_t>> masks;
  for (size_t t = 0; t < scores.size(); ++t) {
    const auto odd = std::ranges::find_if(scores[t], [](float score) { return !std::isfinite(score); });
    check(odd == scores[t].end(), "tensor {}: the score at place {} is not finite", t, odd - scores[t].begin());
    masks.emplace_back(scores[t].size(), uint8_t{0});
  }
  if (!choice.per_tensor) {
    choose(scores, choice, masks);
  } else {
    for (size_t t = 0; t < scores.size(); ++t) choose(scores.subspan(t, 1), choice, std::span(masks).subspan(t, 1));
  }
  return masks;
}

}  // namespace thaw
