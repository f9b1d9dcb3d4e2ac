// SPDX-License-Identifier: Apache-2.0
// Reading the environment, strictly.
#include "backends/vulkan/environment.h"

#include <charconv>
#include <cstdlib>

#include "tensor/check.h"

namespace thaw::vulkan {

std::string environment_text(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

uint32_t environment_number(const char* name, uint32_t otherwise) {
  const std::string text = environment_text(name);
  if (text.empty()) return otherwise;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  check(error == std::errc() && end == text.data() + text.size(), "{}: '{}' is not a number", name, text);
  return value;
}

}  // namespace thaw::vulkan
