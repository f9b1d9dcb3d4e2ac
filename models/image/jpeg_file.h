// SPDX-License-Identifier: Apache-2.0
// JPEG files (jpeg_file.cpp by libjpeg-turbo; no_jpeg.cpp where thaw is built without).
#pragma once

#include <string>
#include <string_view>

#include "models/image/picture.h"

namespace thaw {

// Of bytes that begin as a JPEG file does; see read_picture().
Picture parse_jpeg(std::string_view bytes, const std::string& name);

}  // namespace thaw
