// SPDX-License-Identifier: Apache-2.0
// Copies whose fastest axis differs between the two sides, in tiles that fit the nearest cache.
#pragma once

#include "backends/cpu/strided.h"

namespace thaw::cpu {

// Is this a copy of two operands whose last axis is consecutive in the output and the second last in the input?
bool is_transposition(const Walk& walk);
void transpose(const Walk& walk);

}  // namespace thaw::cpu
