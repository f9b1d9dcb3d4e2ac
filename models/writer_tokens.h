// SPDX-License-Identifier: Apache-2.0
// The tokens that the texts of an encoder-decoder begin and end with, and what pads them, in config.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tensor/io/json.h"

namespace thaw {

// Names are those of config.json; the values before it is read are T5's.
struct WriterTokens {
  std::optional<int64_t> pad_token_id = 0;
  std::optional<int64_t> decoder_start_token_id = 0;
  std::vector<int64_t> eos_token_ids = {1};  // "eos_token_id": a number or a list
};

// The note where a token ends texts and pads them, too; empty: none does.
std::string padding_that_ends(const WriterTokens& tokens, const Json& json);

}  // namespace thaw
