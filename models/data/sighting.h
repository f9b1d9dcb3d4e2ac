// SPDX-License-Identifier: Apache-2.0
// How often something was there, and where first.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

struct Sighting {
  int64_t count = 0;
  int64_t line = 0;
  std::string cell;

  void add(const std::string& text, int64_t at) {
    if (count++ == 0) {
      line = at;
      cell = text;
    }
  }
};

}  // namespace thaw
