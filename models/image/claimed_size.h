// SPDX-License-Identifier: Apache-2.0
// Sizes that the header of a file claims, before memory is taken for them.
#pragma once

#include <cstdint>
#include <string>

#include "models/image/picture.h"
#include "tensor/check.h"

namespace thaw {

// std::runtime_error naming the file unless a picture may be so large.
inline void check_claimed_size(int64_t height, int64_t width, const std::string& name) {
  if (height < 1 || width < 1) fail("{}: is a picture of {} x {} pixels", name, height, width);
  if (height > max_picture_pixels / width)
    fail("{}: is a picture of {} x {} pixels, the limit is {}", name, height, width, max_picture_pixels);
}

// For a header that promises more than the file's bytes can hold.
[[noreturn]] inline void fail_as_too_short(int64_t height, int64_t width, size_t bytes, const std::string& name) {
  fail("{}: is cut off: it promises {} x {} pixels, which cannot be in its {} bytes", name, height, width, bytes);
}

}  // namespace thaw
