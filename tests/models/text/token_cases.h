// SPDX-License-Identifier: Apache-2.0
// Cases of tokenizers that the reference library computed: a line of JSON each, with whatever it states.
#pragma once

#include <cstddef>
#include <filesystem>

#include "models/text/tokenizer.h"
#include "tensor/io/json.h"

namespace thaw {

// Checks whatever a case states. A call with one text or pair passes an empty second text over in the reference; a
// batched call does not.
enum class Call { one, batched };
void check_case(const Tokenizer& tokenizer, const Json& expected, Call call = Call::one);

// Checks every line of a file; their number.
size_t check_cases(const Tokenizer& tokenizer, const std::filesystem::path& file);

// Checks cases of the tokenizer in a folder.
void check_variant(const std::filesystem::path& folder, const Json& cases);

}  // namespace thaw
