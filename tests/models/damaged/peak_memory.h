// SPDX-License-Identifier: Apache-2.0
// How much more memory the process had at any moment since than at first: what was written to, whoever asked for it.
#pragma once

#include <malloc.h>

#include <cstddef>
#include <fstream>
#include <string>

namespace thaw {

class PeakMemory {
 public:
  PeakMemory() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak is what there is now: see proc(5)
    before_ = peak();
  }

  size_t grown() const { return peak() - before_; }  // bytes

 private:
  static size_t peak() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      size_t kilobytes = 0;
      if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
    }
    return 0;
  }

  size_t before_ = 0;
};

}  // namespace thaw
