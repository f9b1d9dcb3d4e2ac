// SPDX-License-Identifier: Apache-2.0
// Are a checkpoint's numbers finite? Looked at as bits, at the speed of memory, before they go anywhere.
#pragma once

#include <cstdint>

#include "tensor/io/safetensors.h"

namespace thaw {

// How many numbers of a floating tensor are NaN, infinite, or (F64) beyond what f32 holds. Other types have none.
int64_t count_not_finite(const SafetensorsEntry& entry);

}  // namespace thaw
