// SPDX-License-Identifier: Apache-2.0
// Sequences that are longer than any of the training data: their last positions were not trained.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

class LongerSequences {
 public:
  // trained: rows of the longest sequence of the training data.
  explicit LongerSequences(int64_t trained) : trained_(trained) {}

  void add(int64_t rows);
  // One line; empty: none is longer.
  std::string to_text() const;

 private:
  int64_t trained_, longest_ = 0, all_ = 0, longer_ = 0;
};

}  // namespace thaw
