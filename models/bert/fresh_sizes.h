// SPDX-License-Identifier: Apache-2.0
// The sizes that are asked of a new BERT, or of a new model of BERT's layers.
#pragma once

#include "models/bert/config.h"
#include "models/fresh_sizes.h"

namespace thaw {

// Words are the tokenizer's; what is not asked for stays. Of positions none: how many a text has is the family's.
// std::invalid_argument as of fresh_widths().
void take_sizes(BertConfig& config, const FreshSizes& sizes, const Tokenizer& tokenizer);

}  // namespace thaw
