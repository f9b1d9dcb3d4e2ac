// SPDX-License-Identifier: Apache-2.0
// Many pictures as one: side by side, row by row, to be seen at a glance.
#pragma once

#include <cstdint>
#include <span>

#include "models/image/picture.h"

namespace thaw {

struct SheetLayout {
  int64_t columns = 8;  // pictures in a row
  int64_t scale = 1;    // each pixel becomes a square of so many on a side
};

constexpr int64_t most_sheet_pictures = 10'000;
constexpr int64_t sheet_gap = 2;        // pixels between pictures, and around all
constexpr uint8_t sheet_ground = 0xC0;  // grey, that white and black pictures are seen on

// Pictures in reading order, each in the middle of a cell that the largest fits into, in three channels.
// std::invalid_argument of no picture or more than most_sheet_pictures, of columns or a scale below 1, and where the
// sheet would have more than max_picture_pixels.
Picture contact_sheet(std::span<const Picture> pictures, const SheetLayout& layout);

}  // namespace thaw
