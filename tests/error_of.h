// SPDX-License-Identifier: Apache-2.0
// The message of a caller's mistake.
#pragma once

#include <stdexcept>
#include <string>

namespace thaw {

// What f() throws as std::invalid_argument says; "no error" if it throws nothing.
template <typename F>
std::string error_of(F f) {
  try {
    f();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace thaw
