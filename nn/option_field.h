// SPDX-License-Identifier: Apache-2.0
// A field that a user may set, of an optimizer or of a task, as whoever asks for its value needs to know it: a
// program's command line, a file of options.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace thaw {

// Of finite numbers: [least, most], without its ends if they are open.
struct OptionRange {
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  double least = 0, most = infinity;
  bool least_open = false, most_open = false;

  bool operator==(const OptionRange&) const = default;
  bool holds(double number) const;
  std::string to_text() const;  // "[0, 1)"
};

struct OptionField {
  std::string name;  // "adam_beta1", "text_column"
  // Where its value goes; holds the default. An optional one without a value is not given: something else decides.
  std::variant<std::string*, int64_t*, double*, bool*, std::optional<int64_t>*, std::optional<double>*,
               std::optional<bool>*>
      field;
  std::string help;
  OptionRange range = {};               // of a number
  std::vector<std::string> words = {};  // of a text: what it may be; empty: anything
  bool is_file = false;                 // of a text: the path of a file, if it is none of the words
  bool kept = false;                    // belongs to the model that is made: its directory keeps the value
  bool of_data = false;                 // such a one tells of data, and a training that begins there has its own
};

// The field's value: numbers by their value, "true" or "false"; "" of an optional one without a value.
std::string value_text(const OptionField& option);
// Do both hold values of one type, optional or not?
bool are_of_one_type(const OptionField& a, const OptionField& b);
// The value of a field of the same type; that of an optional one, if it has one.
void copy_value(const OptionField& from, const OptionField& to);

}  // namespace thaw
