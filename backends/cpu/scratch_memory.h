// SPDX-License-Identifier: Apache-2.0
// Workspace of a task: grows once, stays with its thread.
#pragma once

#include <cstdint>

namespace thaw::cpu {

// At least `numbers` floats, aligned to 64 bytes, of this thread's own; the next call of the same thread may give the
// same memory.
float* scratch_memory(int64_t numbers);

}  // namespace thaw::cpu
