// SPDX-License-Identifier: Apache-2.0
// Pictures of other sizes, to the byte as the Image.resize of Pillow 13 makes them: models see what they were trained
// on.
#pragma once

#include <cstdint>

#include "models/image/picture.h"

namespace thaw {

// By its number in Pillow and in preprocessor_config.json.
enum class PictureFilter { bilinear = 2, bicubic = 3 };

// A line of numbers becomes one of another length: each new number is the mean of the old ones within the filter around
// its place, weighted by a triangle (bilinear) or by the cubic with a = -1/2 (Keys 1981). Where a line shrinks the
// filter is as much wider, so that every number counts. First all rows are resized, then all columns; if the picture
// loses more than twice as many rows as columns, it is the other way round. Both passes end in 8 bits.
// std::invalid_argument if it is no picture (check_picture), or would be none.
Picture resized(const Picture& picture, int64_t height, int64_t width, PictureFilter filter);

}  // namespace thaw
