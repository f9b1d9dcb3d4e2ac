// SPDX-License-Identifier: Apache-2.0
// Checks and widens pictures.
#include "models/image/picture.h"

#include <algorithm>

#include "tensor/check.h"

namespace thaw {

void check_picture(const Picture& p) {
  check(p.channels == 1 || p.channels == 3, "a picture has 1 channel or 3, not {}", p.channels);
  check(p.height > 0 && p.width > 0 && p.height <= max_picture_pixels / p.width,
        "a picture has 1 to {} pixels, this one is {} x {}", max_picture_pixels, p.height, p.width);
  check(std::ssize(p.pixels) == p.height * p.width * p.channels, "a picture of {} x {} x {} has {} numbers", p.height,
        p.width, p.channels, p.pixels.size());
}

Picture as_rgb(const Picture& picture) {
  if (picture.channels == 3) return picture;
  Picture rgb{picture.height, picture.width, 3, {}};
  rgb.pixels.resize(3 * picture.pixels.size());
  auto out = rgb.pixels.begin();
  for (const uint8_t grey : picture.pixels) out = std::fill_n(out, 3, grey);
  return rgb;
}

}  // namespace thaw
