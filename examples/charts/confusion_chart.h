// SPDX-License-Identifier: Apache-2.0
// A confusion matrix as an SVG: which class was taken for which.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

// counts[t][p]: how many of class t were taken for class p; names: of the classes. A cell's colour is its share of its
// row; its count stands in it where there is room, and in its tooltip with the share. Colours are the picture's own, so
// that it can be read on any page. std::invalid_argument unless the counts are as many as the names, each way, and not
// negative, and there is a class.
std::string confusion_svg(const std::vector<std::string>& names, const std::vector<std::vector<int64_t>>& counts,
                          const std::string& title);

}  // namespace thaw
