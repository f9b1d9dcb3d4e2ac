// SPDX-License-Identifier: Apache-2.0
// How messages call what a caller gives: a program's user knows options ("--label-separator"), the library fields.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace thaw {

class FieldNames {
 public:
  // Fields are called by their own names: "label_separator".
  FieldNames() = default;
  explicit FieldNames(std::function<std::string(std::string_view)> called) : called_(std::move(called)) {}

  std::string operator()(std::string_view field) const { return called_ ? called_(field) : std::string(field); }

 private:
  std::function<std::string(std::string_view)> called_;
};

}  // namespace thaw
