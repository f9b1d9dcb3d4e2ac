// SPDX-License-Identifier: Apache-2.0
// Colours as films have them (ITU-R BT.601): brightness Y, and how far blue and red are from it, Cb and Cr.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace thaw {

struct Rgb {
  uint8_t red = 0, green = 0, blue = 0;
};

struct YCbCr {
  double y = 0, cb = 0, cr = 0;
};

// Which numbers of 8 bits stand for black to white, and for the least to the most colour (around 128).
struct ColourRange {
  double black, luma, chroma;
};
constexpr ColourRange limited_range{16, 219, 224}, full_range{0, 255, 255};

constexpr double red_share = .299, blue_share = .114, green_share = 1 - red_share - blue_share;  // of Y

inline uint8_t to_byte(double value) { return static_cast<uint8_t>(std::lround(std::clamp(value, 0., 255.))); }

inline Rgb rgb_of(const YCbCr& colour, const ColourRange& range) {
  const double y = (colour.y - range.black) / range.luma;
  const double red = y + 2 * (1 - red_share) * (colour.cr - 128) / range.chroma;
  const double blue = y + 2 * (1 - blue_share) * (colour.cb - 128) / range.chroma;
  const double green = (y - red_share * red - blue_share * blue) / green_share;
  return {to_byte(255 * red), to_byte(255 * green), to_byte(255 * blue)};
}

inline YCbCr ycbcr_of(const Rgb& colour, const ColourRange& range) {
  const double red = colour.red / 255., green = colour.green / 255., blue = colour.blue / 255.;
  const double y = red_share * red + green_share * green + blue_share * blue;
  return {range.black + range.luma * y, 128 + range.chroma * (blue - y) / (2 * (1 - blue_share)),
          128 + range.chroma * (red - y) / (2 * (1 - red_share))};
}

}  // namespace thaw
