// SPDX-License-Identifier: Apache-2.0
// Unicode's four normal forms, with the offsets that the reference gives them.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/text/normalized_text.h"

namespace thaw {

enum class NormalForm { nfd, nfc, nfkd, nfkc };

// Replaces `out` by the text in a normal form (Unicode 9, UAX #15). A character that a decomposition added lies where
// the one before it lies; a composed one lies where its first part lay.
void to_normal_form(NormalForm form, std::string_view text, uint32_t first, NormalizedText& out);

}  // namespace thaw
