// SPDX-License-Identifier: Apache-2.0
// What generation_config.json and config.json say together of how texts are written.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/generation/generation_config.h"
#include "models/writer_tokens.h"
#include "tensor/io/json.h"

namespace thaw {

// What config.json says: its tokens as read, and what the start token is in models of the family ("T5's is
// pad_token_id"), for who has to write it.
struct WriterConfig {
  const Json& json;
  WriterTokens& tokens;
  int64_t vocab_size;
  std::string_view usual_start;
};

// json: of generation_config.json; null: there is none. What it does not say of start and end tokens config.json does;
// a start token that is there alone is that of `config`, too. std::runtime_error naming file and key: an id beyond the
// vocabulary, no start token anywhere. What is odd becomes one of the notes.
GenerationConfig writer_generation(const Json& json, const WriterConfig& config);

}  // namespace thaw
