// SPDX-License-Identifier: Apache-2.0
// An example of a text and a picture (or another array), in one encoding: the text's tokens, then an entry for each row
// of the picture, of its class token too.
#pragma once

#include <cstdint>
#include <memory>

#include "models/input/row_source.h"
#include "models/text/encoding.h"

namespace thaw {

// The ids and types of the picture's entries are 0. `text` is as a tokenizer gives it; what it keeps of each token
// beside id and type is left out.
Encoding text_and_patches(Encoding text, std::shared_ptr<const RowSource> patches, int64_t tokens_in_front = 1);

// The parts of such an example. std::invalid_argument if it is none.
Encoding text_of(const Encoding& example, int64_t tokens_in_front = 1);
Encoding patches_of(const Encoding& example, int64_t tokens_in_front = 1);

}  // namespace thaw
