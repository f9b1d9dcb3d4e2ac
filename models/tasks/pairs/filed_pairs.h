// SPDX-License-Identifier: Apache-2.0
// Rows of a data file as pairs are learnt from: the path of a picture or a sound, and a text.
#pragma once

#include <cstdint>
#include <string>

#include "models/data/table.h"
#include "models/tasks/pairs/options.h"
#include "models/tasks/row_encoder.h"

namespace thaw {

struct FiledPair {
  InputRow file, text;  // a cell each
  int64_t line = 0;     // where it begins
};

class FiledPairs {
 public:
  // Paths are from the folder that the table is in.
  FiledPairs(const std::string& file, const PairOptions& options);

  bool next(FiledPair& row);  // false at the end

 private:
  std::string folder_;
  TableReader reader_;
};

}  // namespace thaw
