// SPDX-License-Identifier: Apache-2.0
// Counts what the vocabulary does not know of texts to predict, to say so: the model sees one unknown token for all of
// it.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "models/tasks/text_at.h"
#include "models/text/tokenizer.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

class UnknownCount {
 public:
  // A row as the tokenizer made it of these texts (one, or a pair), and where it stands ("FILE:LINE").
  void add(const Encoding& row, std::span<const std::string> texts, const Tokenizer& tokenizer,
           const std::string& where) {
    ++rows_;
    const int64_t before = tokens_;
    for (size_t i = 0; i < row.size(); ++i) {
      if (row.ids[i] != tokenizer.special().unknown || row.sequence[i] < 0) continue;
      if (tokens_++ > 0) continue;
      first_ =
          fmt::format("{} ({})", quote(text_at(texts[static_cast<size_t>(row.sequence[i])], row.offsets[i])), where);
    }
    rows_with_ += tokens_ > before;
  }
  // "2 of 30 texts have 3 tokens that the vocabulary does not know; the first: "..." (FILE:LINE)"; empty if it knows
  // all. name: of a row.
  std::string to_text(std::string_view name = "text") const {
    if (tokens_ == 0) return {};
    return fmt::format("{} of {} {} {} that the vocabulary does not know; the first: {}", rows_with_,
                       counted(rows_, name), rows_with_ == 1 ? "has" : "have", counted(tokens_, "token"), first_);
  }

 private:
  int64_t rows_ = 0, rows_with_ = 0, tokens_ = 0;
  std::string first_;
};

}  // namespace thaw
