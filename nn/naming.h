// SPDX-License-Identifier: Apache-2.0
// Errors of functions, with the name of the module that called them.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace thaw {

// f(), where a caller's mistake (std::invalid_argument) is told with `name`, a module's path or its parameter's name,
// in front.
template <typename F>
auto naming(const std::string& name, F f) {
  try {
    return f();
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", name, error.what()));
  }
}

}  // namespace thaw
