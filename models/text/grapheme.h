// SPDX-License-Identifier: Apache-2.0
// Grapheme clusters: what a reader takes for one character (Unicode Standard Annex 29, extended clusters).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "models/text/unicode_properties.h"

namespace thaw {

// Bytes of the cluster that begins at text[at], which is a code point's first byte of a valid text.
size_t grapheme_size(std::string_view text, size_t at);

namespace grapheme_tables {

using unicode_tables::Range;

// In ascending order.
std::span<const Range> extend();
std::span<const Range> spacing_mark();
std::span<const Range> prepend();
std::span<const Range> control();
std::span<const Range> pictograph();
std::span<const Range> consonant();
std::span<const Range> linker();

}  // namespace grapheme_tables

}  // namespace thaw
