// SPDX-License-Identifier: Apache-2.0
// PNG files (png_file.cpp by libpng; no_png.cpp where thaw is built without).
#pragma once

#include <string>
#include <string_view>

#include "models/image/picture.h"

namespace thaw {

// Of bytes that begin as a PNG file does; see read_picture().
Picture parse_png(std::string_view bytes, const std::string& name);
}  // namespace thaw
