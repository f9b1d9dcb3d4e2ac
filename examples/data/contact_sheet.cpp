// SPDX-License-Identifier: Apache-2.0
// Copies pixels into cells.
#include "examples/data/contact_sheet.h"

#include <algorithm>

#include "tensor/check.h"

namespace thaw {
namespace {

// Puts a picture where its upper left corner is (top, left), each pixel a square of `scale` on a side.
void paint(Picture& sheet, const Picture& picture, int64_t top, int64_t left, int64_t scale) {
  for (int64_t y = 0; y < picture.height * scale; ++y) {
    auto out = sheet.pixels.begin() + 3 * ((top + y) * sheet.width + left);
    const auto row = picture.pixels.begin() + 3 * (y / scale * picture.width);
    for (int64_t x = 0; x < picture.width * scale; ++x) out = std::copy_n(row + 3 * (x / scale), 3, out);
  }
}

}  // namespace

Picture contact_sheet(std::span<const Picture> pictures, const SheetLayout& layout) {
  const auto count = std::ssize(pictures);
  check(count > 0 && count <= most_sheet_pictures, "a sheet has 1 to {} pictures, not {}", most_sheet_pictures, count);
  check(layout.columns > 0, "a sheet of {} columns cannot be", layout.columns);
  check(layout.scale > 0 && layout.scale <= max_picture_pixels, "a scale of {} cannot be", layout.scale);
  int64_t height = 0, width = 0;  // of a cell
  for (const Picture& picture : pictures) {
    check_picture(picture);
    height = std::max(height, picture.height * layout.scale);
    width = std::max(width, picture.width * layout.scale);
  }
  check(height <= max_picture_pixels && width <= max_picture_pixels,
        "a sheet of cells of {} x {} pixels would be larger than {}", height, width, max_picture_pixels);
  const int64_t columns = std::min(layout.columns, count), rows = (count + columns - 1) / columns;
  Picture sheet{.height = sheet_gap + rows * (height + sheet_gap), .width = sheet_gap + columns * (width + sheet_gap)};
  check(sheet.height <= max_picture_pixels / sheet.width, "a sheet of {} x {} pixels would be larger than {}",
        sheet.height, sheet.width, max_picture_pixels);
  sheet.pixels.assign(static_cast<size_t>(3 * sheet.height * sheet.width), sheet_ground);
  for (int64_t i = 0; i < count; ++i) {
    const Picture picture = as_rgb(pictures[static_cast<size_t>(i)]);
    const int64_t top = sheet_gap + i / columns * (height + sheet_gap);
    const int64_t left = sheet_gap + i % columns * (width + sheet_gap);
    paint(sheet, picture, top + (height - picture.height * layout.scale) / 2,
          left + (width - picture.width * layout.scale) / 2, layout.scale);
  }
  return sheet;
}

}  // namespace thaw
