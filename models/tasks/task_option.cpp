// SPDX-License-Identifier: Apache-2.0
// Values as text.
#include "models/tasks/task_option.h"

#include <fmt/format.h>

namespace thaw {

std::string value_text(const TaskOption& option) {
  return std::visit([](const auto* value) { return fmt::format("{}", *value); }, option.field);
}

}  // namespace thaw
