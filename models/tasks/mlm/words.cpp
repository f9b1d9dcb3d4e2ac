// SPDX-License-Identifier: Apache-2.0
// Where words begin and texts are cut.
#include "models/tasks/mlm/words.h"

#include <algorithm>
#include <string_view>

#include "tensor/check.h"

namespace thaw {
namespace {

bool goes_on(const Encoding& text, size_t token, const Tokenizer& tokenizer) {
  const std::string_view prefix = tokenizer.inside_prefix();
  if (!prefix.empty()) return tokenizer.token(text.ids[token]).starts_with(prefix);
  return text.offsets[token].begin == text.offsets[token - 1].end;
}

void append(Encoding& to, const Encoding& from, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    to.ids.push_back(from.ids[i]);
    to.type_ids.push_back(from.type_ids[i]);
    to.offsets.push_back(from.offsets[i]);
    to.special_tokens_mask.push_back(from.special_tokens_mask[i]);
  }
}

}  // namespace

std::vector<int32_t> words_of(const Encoding& text, const Tokenizer& tokenizer) {
  std::vector<int32_t> words;
  int32_t word = -1;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.special_tokens_mask[i] || tokenizer.is_special(text.ids[i])) {
      words.push_back(-1);
      continue;
    }
    const bool within = i > 0 && words.back() >= 0;
    if (!within || !goes_on(text, i, tokenizer)) ++word;
    words.push_back(word);
  }
  return words;
}

std::vector<Encoding> in_parts(const Encoding& text, const std::vector<int32_t>& words, size_t length) {
  if (text.size() <= length) return {text};
  const auto of_template = [](uint8_t mask) { return mask != 0; };
  const auto& mask = text.special_tokens_mask;
  const auto first = static_cast<size_t>(std::ranges::find_if_not(mask, of_template) - mask.begin());
  size_t last = mask.size();
  while (last > first && of_template(mask[last - 1])) --last;
  const size_t around = first + (mask.size() - last);
  check(length > around, "{} tokens leave no room beside {} special ones", length, around);
  std::vector<Encoding> parts;
  for (size_t begin = first; begin < last;) {
    size_t end = std::min(begin + (length - around), last);
    const auto within_word = [&](size_t i) { return i < last && words[i] >= 0 && words[i] == words[i - 1]; };
    size_t earlier = end;
    while (earlier > begin && within_word(earlier)) --earlier;
    if (earlier > begin) end = earlier;
    Encoding& part = parts.emplace_back();
    append(part, text, 0, first);
    append(part, text, begin, end);
    append(part, text, last, text.size());
    begin = end;
  }
  return parts;
}

}  // namespace thaw
