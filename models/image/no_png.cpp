// SPDX-License-Identifier: Apache-2.0
// PNG files where thaw is built without libpng.
#include "models/image/picture_file.h"
#include "models/image/png_file.h"
#include "tensor/check.h"

namespace thaw {

bool png_is_built() { return false; }

Picture parse_png(std::string_view, const std::string& name) {
  fail("{}: is a PNG file, and thaw was built without libpng", name);
}

std::string png_bytes(const Picture&, const std::string& name) {
  fail("{}: no PNG file can be written: thaw was built without libpng", name);
}

}  // namespace thaw
