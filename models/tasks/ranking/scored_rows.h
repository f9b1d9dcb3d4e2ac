// SPDX-License-Identifier: Apache-2.0
// Rows of a data file as rankings are learnt from: with a score each, or two of which one is better.
#pragma once

#include <cstdint>
#include <string>

#include "models/data/table.h"
#include "models/tasks/ranking/options.h"
#include "models/tasks/row_encoder.h"

namespace thaw {

struct ScoredRow {
  InputRow input;
  double score = 0;  // the higher, the better
  std::string group;
  int64_t line = 0;
};

class ScoredRows {
 public:
  ScoredRows(const std::string& file, const RankingOptions& options);

  // std::runtime_error "FILE:LINE: ..." on a score that is no number.
  bool next(ScoredRow& row);

 private:
  RankingOptions options_;
  TableReader reader_;
  std::string folder_;  // that paths are of
};

struct PreferredRow {
  InputRow better, worse;
  int64_t line = 0;
};

class PreferredRows {
 public:
  PreferredRows(const std::string& file, const RankingOptions& options);

  bool next(PreferredRow& row);

 private:
  TableReader reader_;
  std::string folder_;
};

}  // namespace thaw
