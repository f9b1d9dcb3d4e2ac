// SPDX-License-Identifier: Apache-2.0
// Numbers of things in messages.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace thaw {

// "1 example", "2 examples": of what makes its plural by an s.
template <std::integral T>
std::string counted(T count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace thaw
