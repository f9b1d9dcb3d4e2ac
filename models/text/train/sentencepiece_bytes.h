// SPDX-License-Identifier: Apache-2.0
// The bytes of a new spiece.model.
#pragma once

#include <string>

#include "models/text/sentencepiece_file.h"

namespace thaw {

// As parse_sentencepiece() reads it, and sentencepiece itself. `normalization`: what the file calls its rules.
std::string sentencepiece_bytes(const SentencePieceFile& file, const std::string& normalization);

}  // namespace thaw
