// SPDX-License-Identifier: Apache-2.0
// What counting makes of the very masked words and pairs of texts that a pretrained model is judged by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "models/tasks/text_encoder.h"

namespace thaw {

struct PretrainingBaselines {
  size_t words = 0;                                   // masked ones
  double frequent = 0, behind_left = 0, by_both = 0;  // the share that NeighbourWords finds, by its three ways
  size_t pairs = 0;
  double following = 0;  // the share of pairs whose second text follows
  double by_cosine = 0;  // the share that pair_cosine_accuracy() gets right
};

// Of plain texts (or tables with a column "text"), as the task pretraining reads and draws them with its defaults:
// learnt from `train`, in the pairs of a seed's first epoch, and judged on what evaluations draw of `test`. A word is
// the tokens that it has. Errors are those of the task. Segment types tell texts of a pair apart, as BERT's do.
PretrainingBaselines pretraining_baselines(const TextEncoder& encoder, const std::string& train,
                                           const std::string& test, uint64_t seed);

}  // namespace thaw
