// SPDX-License-Identifier: Apache-2.0
// Where words begin, texts are cut, and files are read.
#include "models/tasks/text_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "models/data/table.h"
#include "models/tasks/checksum.h"
#include "models/tasks/text_survey.h"
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

struct Counts {
  int64_t long_texts = 0, parts = 0;
  Occurrence useless, useless_parts;
};

std::vector<std::string> notes_of(const std::string& file, const Counts& counts, const PartsReading& reading) {
  std::vector<std::string> notes;
  if (counts.long_texts > 0)
    notes.push_back(fmt::format("{}: {} text{} of more than {} tokens: {} examples were made of {}", file,
                                counts.long_texts, counts.long_texts == 1 ? "" : "s", reading.length, counts.parts,
                                counts.long_texts == 1 ? "it" : "them"));
  if (counts.useless.count > 0)
    notes.push_back(fmt::format("{}: {} text{} {}: passed over, the first {}", file, counts.useless.count,
                                counts.useless.count == 1 ? " has" : "s have", reading.lack, counts.useless.first));
  if (counts.useless_parts.count > 0)
    notes.push_back(fmt::format("{}: {} part{} of long texts {} {}: passed over, the first of {}", file,
                                counts.useless_parts.count, counts.useless_parts.count == 1 ? "" : "s",
                                counts.useless_parts.count == 1 ? "has" : "have", reading.lack,
                                counts.useless_parts.first));
  return notes;
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

size_t end_of_part(std::span<const int32_t> words, size_t begin, size_t most) {
  const size_t furthest = std::min(begin + most, words.size());
  const auto within_word = [&](size_t i) { return i < words.size() && words[i] >= 0 && words[i] == words[i - 1]; };
  size_t end = furthest;
  while (end > begin && within_word(end)) --end;
  return end > begin ? end : furthest;
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
    const size_t end = end_of_part(std::span(words).first(last), begin, length - around);
    Encoding& part = parts.emplace_back();
    append(part, text, 0, first);
    append(part, text, begin, end);
    append(part, text, last, text.size());
    begin = end;
  }
  return parts;
}

std::vector<std::string> read_text_parts(const TextEncoder& encoder, const std::string& file,
                                         const PartsReading& reading, const std::function<void(TextPart)>& take) {
  TableReader rows(file, {.columns = {reading.column}, .text_columns = {reading.column}});
  Counts counts;
  int64_t read = 0, taken = 0;
  for (TableRow row; rows.next(row); ++read) {
    const Encoding whole = encoder.encode_whole_row(row.cells[0], rows.where(row));
    const std::vector<int32_t> words = words_of(whole, encoder.tokenizer());
    if (!reading.is_of_use(whole, words)) {
      counts.useless.add(rows.where(row));
      continue;
    }
    const uint32_t kin = checksum(whole.type_ids, checksum(whole.ids));
    std::vector<Encoding> parts = in_parts(whole, words, static_cast<size_t>(reading.length));
    counts.long_texts += parts.size() > 1;
    for (Encoding& part : parts) {
      std::vector<int32_t> own = parts.size() == 1 ? words : words_of(part, encoder.tokenizer());
      if (!reading.is_of_use(part, own)) {
        counts.useless_parts.add(rows.where(row));
        continue;
      }
      counts.parts += parts.size() > 1;
      ++taken;
      take({std::move(part), std::move(own), kin, row.line});
    }
  }
  if (read == 0) fail("{}: has no rows below its header", file);
  if (taken == 0) fail("{}: none of its {} texts has {}", file, read, reading.need);
  return notes_of(file, counts, reading);
}

}  // namespace thaw
