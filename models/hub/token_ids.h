// SPDX-License-Identifier: Apache-2.0
// The ids of special tokens in config.json and its neighbours, held to the vocabulary.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tensor/io/json.h"

namespace thaw {

// `id`, that is `key` of `json`. std::runtime_error "FILE: KEY: ..." if it is no token's.
int64_t checked_token_id(int64_t id, const Json& json, const char* key, int64_t vocab_size);

// The token's id; null: none; `otherwise` if the key is absent. Errors as above.
std::optional<int64_t> read_checked_id(const Json& json, const char* key, std::optional<int64_t> otherwise,
                                       int64_t vocab_size);
// A number or a list of them.
std::vector<int64_t> read_checked_ids(const Json& json, const char* key, std::vector<int64_t> otherwise,
                                      int64_t vocab_size);

}  // namespace thaw
