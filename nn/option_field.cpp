// SPDX-License-Identifier: Apache-2.0
// Ranges and values of fields.
#include "nn/option_field.h"

#include <fmt/format.h>

#include <cmath>
#include <type_traits>

#include "tensor/check.h"

namespace thaw {
namespace {

template <class T>
struct Value {
  using Type = T;
};
template <class T>
struct Value<std::optional<T>> {
  using Type = T;
};
// Of a pointer to it, optional or not.
template <class Pointer>
using ValueOf = typename Value<std::remove_cv_t<std::remove_pointer_t<Pointer>>>::Type;

}  // namespace

bool OptionRange::holds(double number) const {
  const bool above = least_open ? number > least : number >= least;
  const bool below = most_open ? number < most : number <= most;
  return std::isfinite(number) && above && below;
}

std::string OptionRange::to_text() const {
  return fmt::format("{}{}, {}{}", least_open ? '(' : '[', least, most, most_open || std::isinf(most) ? ')' : ']');
}

std::string value_text(const OptionField& option) {
  return std::visit(
      [](const auto* value) {
        if constexpr (requires { value->has_value(); })
          return value->has_value() ? fmt::format("{}", **value) : "";
        else
          return fmt::format("{}", *value);
      },
      option.field);
}

bool are_of_one_type(const OptionField& a, const OptionField& b) {
  return std::visit([](const auto* one,
                       const auto* other) { return std::is_same_v<ValueOf<decltype(one)>, ValueOf<decltype(other)>>; },
                    a.field, b.field);
}

void copy_value(const OptionField& from, const OptionField& to) {
  check(are_of_one_type(from, to), "option {}: its value is of another type than that of {}", from.name, to.name);
  std::visit(
      [](const auto* source, auto* target) {
        if constexpr (!std::is_same_v<ValueOf<decltype(source)>, ValueOf<decltype(target)>>)
          return;
        else if constexpr (std::is_assignable_v<decltype(*target), decltype(*source)>)
          *target = *source;
        else
          *target = source->value_or(*target);
      },
      from.field, to.field);
}

}  // namespace thaw
