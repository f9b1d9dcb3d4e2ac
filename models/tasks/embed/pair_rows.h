// SPDX-License-Identifier: Apache-2.0
// Rows of a data file as embeddings are learnt from: two texts, perhaps a third that is no partner, or a score.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/data/table.h"
#include "models/tasks/embed/options.h"

namespace thaw {

struct PairRow {
  std::string first, second;
  std::optional<std::string> negative;
  std::optional<double> score;
};

class PairRows {
 public:
  PairRows(const std::string& file, const EmbedOptions& options);

  // std::runtime_error "FILE:LINE: ..." on a score that is no number in [-1, 1].
  bool next(PairRow& row);
  std::string where() const { return reader_.where(row_); }
  int64_t line() const { return row_.line; }

 private:
  bool has_negative_, has_score_;
  std::string score_column_;
  TableReader reader_;
  TableRow row_;
};

}  // namespace thaw
