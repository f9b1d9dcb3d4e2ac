// SPDX-License-Identifier: Apache-2.0
// A list in one option.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace thaw {

// What stands between the commas, as it is: of "a,b" two, of "" one that is empty.
inline std::vector<std::string> comma_list(const std::string& text) {
  std::vector<std::string> list;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    list.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

}  // namespace thaw
