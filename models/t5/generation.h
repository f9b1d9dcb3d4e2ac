// SPDX-License-Identifier: Apache-2.0
// What generation_config.json and config.json say together of how texts are written.
#pragma once

#include "models/generation/generation_config.h"
#include "models/t5/config.h"
#include "tensor/io/json.h"

namespace thaw {

// json: of generation_config.json; null: there is none. What it does not say of start and end tokens config.json does;
// a start token that is there alone is that of `config`, too. std::runtime_error naming file and key: an id beyond the
// vocabulary, no start token anywhere. What is odd becomes one of the notes.
GenerationConfig t5_generation(const Json& json, T5Config& config);

}  // namespace thaw
