// SPDX-License-Identifier: Apache-2.0
// A wrong row among those that are computed together: it keeps none before it from being answered.
#pragma once

#include <cstdint>
#include <exception>
#include <utility>

namespace thaw {

class RowErrors {
 public:
  // Calls `read` up to `count` times, until it returns false: it takes up a row whole, or throws and takes up nothing.
  // The error of the first row is thrown now, that of a later one by the next call.
  template <class Read>
  void read(int64_t count, const Read& read) {
    if (later_) std::rethrow_exception(std::exchange(later_, nullptr));
    for (int64_t row = 0; row < count; ++row) {
      try {
        if (!read()) return;
      } catch (...) {
        if (row == 0) throw;
        later_ = std::current_exception();
        return;
      }
    }
  }

  // What is found out of a row when it is computed: `raise` throws. Later, where rows before it are still to be told.
  template <class Raise>
  void fail(bool later, const Raise& raise) {
    try {
      raise();
    } catch (...) {
      if (!later) throw;
      later_ = std::current_exception();
    }
  }

 private:
  std::exception_ptr later_;
};

}  // namespace thaw
