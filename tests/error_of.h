// SPDX-License-Identifier: Apache-2.0
// The message of an error that a test expects.
#pragma once

#include <stdexcept>
#include <string>

namespace thaw {

// What f() throws as an Error says: by default std::invalid_argument, a caller's mistake. "no error" if it throws
// nothing.
template <typename Error = std::invalid_argument, typename F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace thaw
