// SPDX-License-Identifier: Apache-2.0
// The pictures of a golden folder.
#pragma once

#include <cstdint>

#include "models/image/patch_embeddings.h"
#include "tests/models/golden_case.h"

namespace thaw {

// Those of a batch of the folder ("pixel_values" [B, c, h, w]), cut into patches of this size [h, w].
PatchInput golden_pictures(const GoldenCase& golden, int64_t batch, const Shape& patch, Device device, DType dtype);

}  // namespace thaw
