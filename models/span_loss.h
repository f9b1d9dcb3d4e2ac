// SPDX-License-Identifier: Apache-2.0
// The loss of a span in a text: where it begins and where it ends. T tokens, B texts.
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/variable.h"
#include "tensor/segments.h"

namespace thaw {

// logits [T, 2] (start, end) -> []: half the cross-entropies of starts and of ends, each over the tokens of its text,
// divided by how many starts and ends are counted. The reference takes them over whole padded rows: there scores of
// padding are part of the softmax, so its losses depend on the batch; of texts of one length they are the same.
// starts, ends [B]: the span's first and last token in its text; a position beyond the text is not counted, one below 0
// stands for the first token. counts: parts of a batch that are given those of the whole add up; 0: this batch's own.
Variable span_loss(const Variable& logits, const Segments& texts, const std::vector<int32_t>& starts,
                   const std::vector<int32_t>& ends, double start_count = 0, double end_count = 0);

}  // namespace thaw
