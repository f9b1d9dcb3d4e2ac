// SPDX-License-Identifier: Apache-2.0
// JPEG files where thaw is built without libjpeg.
#include "models/image/jpeg_file.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"

namespace thaw {

bool jpeg_is_built() { return false; }

Picture parse_jpeg(std::string_view, const std::string& name) {
  fail("{}: is a JPEG file, and thaw was built without libjpeg", name);
}

}  // namespace thaw
