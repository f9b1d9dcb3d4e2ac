// SPDX-License-Identifier: Apache-2.0
// Ranges and values of fields.
#include "nn/option_field.h"

#include <fmt/format.h>

#include <cmath>

namespace thaw {

bool OptionRange::holds(double number) const {
  const bool above = least_open ? number > least : number >= least;
  const bool below = most_open ? number < most : number <= most;
  return std::isfinite(number) && above && below;
}

std::string OptionRange::to_text() const {
  return fmt::format("{}{}, {}{}", least_open ? '(' : '[', least, most, most_open || std::isinf(most) ? ')' : ']');
}

std::string value_text(const OptionField& option) {
  return std::visit([](const auto* value) { return fmt::format("{}", *value); }, option.field);
}

void copy_value(const OptionField& from, const OptionField& to) {
  std::visit([&](auto* target) { *target = *std::get<decltype(target)>(from.field); }, to.field);
}

}  // namespace thaw
