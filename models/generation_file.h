// SPDX-License-Identifier: Apache-2.0
// How a model's authors generate: generation_config.json beside config.json, kept whole and written back.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "models/generation/generation_config.h"
#include "tensor/io/json.h"

namespace thaw {

// Of a model's directory; null: it has none.
Json read_generation_json(const std::string& directory);
// Nothing, if it is null.
void write_generation_json(const Json& json, const std::string& directory);

// The end tokens are those of generation_config.json (null: there is none); without any, those of config.json, `ends`.
// What is odd becomes one of the notes. std::runtime_error naming file and key: an id beyond the vocabulary.
void settle_ends(GenerationConfig& generation, const Json& generation_json, const Json& config_json,
                 std::span<const int64_t> ends, int64_t vocab_size);

// Of a model that continues texts.
GenerationConfig causal_generation(const Json& generation_json, const Json& config_json, std::span<const int64_t> ends,
                                   int64_t vocab_size);

}  // namespace thaw
