// SPDX-License-Identifier: Apache-2.0
// Counts what the vocabulary does not know of texts to predict, to say so: the model sees one unknown token for all of
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/cut_count.h"
#include "models/text/tokenizer.h"

namespace thaw {

class UnknownCount {
 public:
  // A row as the tokenizer made it of these texts (one, or a pair), and where it stands ("FILE:LINE").
  void add(const Encoding& row, std::span<const std::string> texts, const Tokenizer& tokenizer,
           const std::string& where);
  // "2 of 30 texts have 3 tokens that the vocabulary does not know; the first: "..." (FILE:LINE)"; empty if it knows
  // all. name: of a row.
  std::string to_text(std::string_view name = "text") const;

 private:
  int64_t rows_ = 0, rows_with_ = 0, tokens_ = 0;
  std::string first_;
};

// What there is to tell of both, a line each. name: of a row.
std::vector<std::string> notes_of(const CutCount& cut, const UnknownCount& unknown, std::string_view name = "text");

}  // namespace thaw
