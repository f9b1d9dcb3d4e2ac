// SPDX-License-Identifier: Apache-2.0
// Targets as the decoder of an encoder-decoder reads them and as it should say them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/packed_text.h"
#include "models/writer_tokens.h"

namespace thaw {

struct DecoderTargets {
  PackedText read;              // [T] what the decoder reads: the start token, then all labels but the last
  std::vector<int32_t> labels;  // [T] what it should say there; -100: not counted

  // Of each text its labels (tokens, the end token too; at least one). What is not counted is read as padding.
  // std::invalid_argument for a text without labels, or where a token that this takes is not known.
  static DecoderTargets from_labels(const std::vector<std::vector<int32_t>>& texts, const WriterTokens& known,
                                    Device device);
  // The same of padded labels [B, S]: what is not counted behind the last one that is counted is left out.
  // read.cells tells of the others where they were.
  static DecoderTargets from_padded(int64_t rows, int64_t columns, const std::vector<int32_t>& labels,
                                    const WriterTokens& known, Device device);
};

}  // namespace thaw
