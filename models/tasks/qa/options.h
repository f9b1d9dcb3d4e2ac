// SPDX-License-Identifier: Apache-2.0
// What a caller may say of finding answers. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

struct QaOptions {
  int64_t doc_stride = 128;              // tokens of the context that neighbouring windows share
  bool version_2_with_negative = false;  // a context may have no answer
  int64_t n_best_size = 20;              // starts and ends of a window that are tried, and answers that are kept
  int64_t max_answer_length = 30;        // tokens
  double null_score_diff_threshold = 0;  // by how much no answer must score better than the best one to be said

  // Of predictions.
  bool n_best = false;                // all answers that are kept
  std::string predictions_file = {};  // answers as SQuAD's scripts read them; empty: none, as the next one
  std::string null_odds_file = {};    // and by how much no answer scores better
};

}  // namespace thaw
