// SPDX-License-Identifier: Apache-2.0
// Small pictures on a sheet, each with lines of text, and beside it the parts of it that matter: others are faded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

struct SheetPicture {
  int64_t height = 0, width = 0;
  std::vector<uint8_t> rgb;  // [height, width, 3]
  std::vector<std::string> lines;
  int64_t rows = 0, columns = 0;  // of the parts that it is cut into, all of one size
  std::vector<double> shares;     // [rows, columns]: how much each matters, from 0 to 1
};

// An SVG. std::invalid_argument: other numbers than the sizes say, no parts, parts that
// are not of one size.
std::string picture_sheet_svg(const std::vector<SheetPicture>& pictures, const std::string& title);

}  // namespace thaw
