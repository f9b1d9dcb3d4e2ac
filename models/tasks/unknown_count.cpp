// SPDX-License-Identifier: Apache-2.0
// Counts unknown tokens; finds the first one's text.
#include "models/tasks/unknown_count.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "models/tasks/text_at.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

void UnknownCount::add(const Encoding& row, std::span<const std::string> texts, const Tokenizer& tokenizer,
                       const std::string& where) {
  ++rows_;
  const int64_t before = tokens_;
  for (size_t i = 0; i < row.size(); ++i) {
    if (row.ids[i] != tokenizer.special().unknown || row.sequence[i] < 0) continue;
    if (tokens_++ > 0) continue;
    first_ = fmt::format("{} ({})", quote(text_at(texts[static_cast<size_t>(row.sequence[i])], row.offsets[i])), where);
  }
  rows_with_ += tokens_ > before;
}

std::string UnknownCount::to_text(std::string_view name) const {
  if (tokens_ == 0) return {};
  return fmt::format("{} of {} {} {} that the vocabulary does not know; the first: {}", rows_with_,
                     counted(rows_, name), rows_with_ == 1 ? "has" : "have", counted(tokens_, "token"), first_);
}

std::vector<std::string> notes_of(const CutCount& cut, const UnknownCount& unknown, std::string_view name) {
  std::vector<std::string> lines;
  for (std::string& line : std::vector{cut.to_text(name), unknown.to_text(name)})
    if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace thaw
