// SPDX-License-Identifier: Apache-2.0
// Cases of tokenizers that the reference library computed: a line of JSON each, with whatever it states.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>

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

// Calls check(variant, the common tokenizer.json) for every line of a file in folder/variants; their number.
size_t for_each_variant(const std::filesystem::path& folder, const char* file,
                        const std::function<void(const Json&, const Json&)>& check);

// Checks the cases of every line of folder/variants/components.jsonl, whose other members take the place of those of
// the common tokenizer.json; the number of lines.
size_t check_components(const std::filesystem::path& folder);

}  // namespace thaw
