// SPDX-License-Identifier: Apache-2.0
// How well files were read ahead of what needs them.
#pragma once

#include <cstdint>

namespace thaw {

struct ReadCounts {
  int64_t taken = 0;   // files' rows that were needed and read ahead, as often as they were needed
  int64_t waited = 0;  // of these: were not there yet
  int64_t missed = 0;  // were needed, and read then
  int64_t read = 0;    // were read ahead, needed or not
};

}  // namespace thaw
