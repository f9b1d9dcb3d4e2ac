// SPDX-License-Identifier: Apache-2.0
// Draws masks; the only randomness is Philox.
#include "models/tasks/mlm/masks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "nn/train/batches.h"

namespace thaw {
namespace {

// The order of words takes the blocks up to their number, each token one of those from here on.
constexpr uint64_t first_token_block = uint64_t{1} << 40;

double share_of(uint32_t word) { return static_cast<double>(word) * 0x1p-32; }

int32_t shown_for(int32_t truth, const MaskRule& rule, std::array<uint32_t, 4> random) {
  const double u = share_of(random[0]);
  if (u < 0.8) return rule.mask_id;
  if (u >= 0.9 || rule.others.empty()) return truth;
  return rule.others[random[1] % rule.others.size()];
}

}  // namespace

MaskRule::MaskRule(double share, bool whole, const Tokenizer& tokenizer)
    : probability(share), whole_words(whole), mask_id(tokenizer.mask_id()) {
  for (int32_t id = 0; id < static_cast<int32_t>(tokenizer.plain_vocab_size()); ++id)
    if (!tokenizer.is_special(id)) others.push_back(id);
}

std::vector<MaskedToken> draw_masks(std::span<const int32_t> ids, std::span<const int32_t> words, const MaskRule& rule,
                                    RandomKey key) {
  std::vector<std::vector<int32_t>> units;  // the tokens of each
  int64_t maskable = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] < 0) continue;
    const bool goes_on = rule.whole_words && i > 0 && words[i] == words[i - 1];
    if (!goes_on) units.emplace_back();
    units.back().push_back(static_cast<int32_t>(i));
    ++maskable;
  }
  if (maskable == 0) return {};
  auto room = std::max<int64_t>(1, std::llround(rule.probability * static_cast<double>(maskable)));
  std::vector<int32_t> places;
  const std::vector<int64_t> order = permutation(static_cast<int64_t>(units.size()), key.seed, key.stream);
  const auto take = [&](int64_t number) {
    const std::vector<int32_t>& unit = units[static_cast<size_t>(number)];
    places.insert(places.end(), unit.begin(), unit.end());
    room -= static_cast<int64_t>(unit.size());
  };
  for (const int64_t number : order)
    if (static_cast<int64_t>(units[static_cast<size_t>(number)].size()) <= room) take(number);
  if (places.empty()) take(order[0]);
  std::ranges::sort(places);
  std::vector<MaskedToken> masks;
  for (const int32_t place : places) {
    const int32_t truth = ids[static_cast<size_t>(place)];
    const auto random = random_words(key, first_token_block + static_cast<uint64_t>(place));
    masks.push_back({place, truth, shown_for(truth, rule, random)});
  }
  return masks;
}

}  // namespace thaw
