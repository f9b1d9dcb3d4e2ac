// SPDX-License-Identifier: Apache-2.0
// What a caller may say of finding answers. The names of the fields are those that messages give.
#pragma once

#include <cstdint>

namespace thaw {

struct QaOptions {
  int64_t doc_stride = 128;              // tokens of the context that neighbouring windows share
  bool version_2_with_negative = false;  // a context may have no answer
  int64_t n_best_size = 20;              // starts and ends of a window that are tried, and answers that are kept
  int64_t max_answer_length = 30;        // tokens
  double null_score_diff_threshold = 0;  // by how much no answer must score better than the best one to be said
  bool n_best = false;                   // of predictions: all answers that are kept
};

}  // namespace thaw
