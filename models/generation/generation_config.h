// SPDX-License-Identifier: Apache-2.0
// generation_config.json: how a model's authors generate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/generation/options.h"
#include "tensor/io/json.h"

namespace thaw {

struct GenerationConfig {
  GenerationOptions options;
  // Of whole rows, prompts included: where the file gives these instead of numbers of new tokens, or beside them.
  std::optional<int64_t> max_length, min_length;
  std::optional<int32_t> decoder_start_token_id;
  std::vector<std::string> notes;  // one line each: unknown keys, and what is odd
  std::string file;                // that said so; empty: none
  std::string end_ids_key;         // "FILE: KEY" of options.end_ids
  bool has_max_new_tokens = false;

  // The options for prompts of so many tokens: max_length counts where there is no max_new_tokens (that of the caller
  // before that of the file); the greater of the least lengths counts, as far as there is room. std::runtime_error if
  // max_length leaves no room behind the prompt.
  GenerationOptions for_prompts_of(int64_t tokens, std::optional<int64_t> max_new_tokens = {}) const;
};

// An absent or null key has its default. std::runtime_error "FILE: KEY: ..." on a value of a wrong type or out of its
// range, and on a key that asks for what is not built here.
GenerationConfig read_generation_config(const Json& json);

}  // namespace thaw
