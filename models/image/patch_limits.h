// SPDX-License-Identifier: Apache-2.0
// Pictures as a model cuts them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/image/processor.h"
#include "models/input/seen_rows.h"
#include "tensor/shape.h"

namespace thaw {

struct PatchLimits {
  int64_t channels = 3;
  Shape patch;                                   // [height, width]
  Shape picture;                                 // [height, width] that its positions are made for
  int64_t tokens = 1;                            // rows in front of each picture's patches
  ProcessorKind processor = ProcessorKind::vit;  // that usually prepares them
  int32_t most = 0;                              // of a picture's patches that are read; 0: any number

  // Of the patches of such a picture.
  Shape grid() const { return {picture[0] / patch[0], picture[1] / patch[1]}; }
  // Such a grid, or of a picture with more patches than are read one of fewer.
  Shape readable(const Shape& grid) const;
};

// As is usual for the model's family, in the size that its positions are made for.
ImageProcessor usual_processor(const PatchLimits& limits);

// Of a picture of that size, and of one that is a patch higher (where it has not more than are read).
std::vector<SeenRows> seen_sizes(const PatchLimits& limits);

}  // namespace thaw
