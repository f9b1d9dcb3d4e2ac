// SPDX-License-Identifier: Apache-2.0
// PPM and PGM files (netpbm.sourceforge.net/doc/ppm.html, pgm.html).
#pragma once

#include <string>
#include <string_view>

#include "models/image/picture.h"

namespace thaw {

// Of bytes that begin with P2, P3, P5 or P6; see read_picture().
Picture parse_netpbm(std::string_view bytes, const std::string& name);

}  // namespace thaw
