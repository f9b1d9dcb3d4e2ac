// SPDX-License-Identifier: Apache-2.0
// What T5 learns from: sources, and targets as the decoder reads and as it should say them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/packed_text.h"
#include "models/t5/config.h"

namespace thaw {

struct T5Targets {
  PackedText read;              // [T] what the decoder reads: the start token, then all labels but the last
  std::vector<int32_t> labels;  // [T] what it should say there; -100: not counted

  // Of each text its labels (tokens, the end token too; at least one). What is not counted is read as padding.
  // std::invalid_argument for a text without labels, or a configuration without the tokens that this takes.
  static T5Targets from_labels(const std::vector<std::vector<int32_t>>& texts, const T5Config& config, Device device);
  // The same of padded labels [B, S]: what is not counted behind the last one that is counted is left out.
  // read.cells tells of the others where they were.
  static T5Targets from_padded(int64_t rows, int64_t columns, const std::vector<int32_t>& labels,
                               const T5Config& config, Device device);
};

}  // namespace thaw
