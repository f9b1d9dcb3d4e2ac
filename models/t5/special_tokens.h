// SPDX-License-Identifier: Apache-2.0
// The tokens that texts begin and end with, and what pads them, in config.json.
#pragma once

#include "models/t5/config.h"

namespace thaw {

// Reads their ids into `config`, whose vocab_size is known. A decoder_start_token_id that is not there is pad_token_id,
// as T5's is. std::runtime_error "FILE: KEY: ..." on what is no token's id; what is odd becomes one of config.notes.
void read_special_tokens(T5Config& config, const Json& json);

}  // namespace thaw
