// SPDX-License-Identifier: Apache-2.0
// One-line errors: check() for a caller's mistake, fail() for bad files, data and systems.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace thaw {

// Throws std::invalid_argument with the formatted line when `ok` is false. Format arguments are only read then.
template <typename... Args>
inline void check(bool ok, fmt::format_string<Args...> format, Args&&... args) {
  if (!ok) throw std::invalid_argument(fmt::format(format, std::forward<Args>(args)...));
}

// Throws std::runtime_error with the formatted line: what was read or written is not as it must be.
template <typename... Args>
[[noreturn]] inline void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw std::runtime_error(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace thaw
