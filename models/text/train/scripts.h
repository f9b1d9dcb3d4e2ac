// SPDX-License-Identifier: Apache-2.0
// Which script a character is of, as far as pieces of a vocabulary must know: sentencepiece lets none be of two.
#pragma once

#include <cstdint>

namespace thaw {

constexpr uint8_t common_script = 0;     // digits, marks, blanks
constexpr uint8_t inherited_script = 1;  // of the character before: accents that stand alone

// Others are numbers without a meaning; those that Japanese is written with are one.
uint8_t script_of(char32_t code);

}  // namespace thaw
