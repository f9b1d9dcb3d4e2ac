// SPDX-License-Identifier: Apache-2.0
// Names as paths: parts between dots.
#pragma once

#include <string_view>

namespace thaw {

// Is it the path, or that of something in it? "bert.pooler.dense.weight" is below "bert.pooler", "bert.pooler2" is not.
constexpr bool is_below(std::string_view name, std::string_view path) {
  return name.starts_with(path) && (name.size() == path.size() || name[path.size()] == '.');
}

}  // namespace thaw
