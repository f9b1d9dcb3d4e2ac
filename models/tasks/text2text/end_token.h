// SPDX-License-Identifier: Apache-2.0
// Whether a model stops writing where the targets that it learns from end.
#pragma once

#include <string>

#include "models/generation/generation_config.h"
#include "models/text/tokenizer.h"

namespace thaw {

// A line that says why not: the tokenizer puts another token behind texts than the model ends them by, or none. Empty
// if it does stop.
std::string end_fault(const Tokenizer& tokenizer, const GenerationConfig& generation);

}  // namespace thaw
