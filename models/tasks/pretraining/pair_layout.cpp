// SPDX-License-Identifier: Apache-2.0
// Learns from a pair of words where the tokenizer puts what.
#include "models/tasks/pretraining/pair_layout.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "tensor/check.h"

namespace thaw {

PairLayout::PairLayout(const TextEncoder& encoder, bool pairs) {
  if (pairs) encoder.check_takes_pairs();
  const std::string_view word = "a";
  const Encoding shown = encoder.encode_whole(word, pairs ? std::optional(word) : std::nullopt);
  for (size_t i = 0; i < shown.size(); ++i) {
    const int8_t text = shown.sequence[i];
    if (parts_.empty() || parts_.back().text != text || parts_.back().type != shown.type_ids[i])
      parts_.push_back({text, {}, shown.type_ids[i]});
    if (text < 0) parts_.back().ids.push_back(shown.ids[i]);
  }
  int8_t texts = 0;
  for (const Part& part : parts_)
    if (part.text >= 0) check(part.text == texts++, "the tokenizer puts a pair's second text first");
  check(texts == (pairs ? 2 : 1), "the tokenizer has no token for \"{}\"", word);
}

size_t PairLayout::special_tokens() const {
  size_t count = 0;
  for (const Part& part : parts_) count += part.ids.size();
  return count;
}

LaidOutText PairLayout::operator()(std::span<const TokensOfText> texts) const {
  LaidOutText out;
  const auto add = [&](std::span<const int32_t> ids, int32_t type) {
    out.text.ids.insert(out.text.ids.end(), ids.begin(), ids.end());
    out.text.type_ids.resize(out.text.ids.size(), type);
  };
  for (const Part& part : parts_) {
    if (part.text < 0) {
      add(part.ids, part.type);
      out.words.resize(out.text.size(), -1);
    } else {
      const TokensOfText& text = texts[static_cast<size_t>(part.text)];
      add(text.ids, part.type);
      const int32_t before = out.words.empty() ? 0 : std::ranges::max(out.words) + 1;
      for (const int32_t word : text.words) out.words.push_back(word < 0 ? word : before + word);
    }
  }
  return out;
}

}  // namespace thaw
