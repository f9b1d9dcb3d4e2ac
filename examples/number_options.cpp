// SPDX-License-Identifier: Apache-2.0
// Reads numbers by std::from_chars: the same in every locale.
#include "examples/number_options.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

#include "tensor/quote.h"

namespace thaw {
namespace {

// What a text is: a number of the type, one that is too large or too small for it, or none. A sign + is taken.
enum class Text { number, too_large, too_small, none };

template <typename T>
Text read_number(const std::string& text, T& number) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (stop != end || error == std::errc::invalid_argument) return Text::none;
  if (error == std::errc()) return Text::number;
  const bool is_fraction =
      text.find_first_of("eE") == std::string::npos && text.find_first_not_of("+-0") == text.find('.');
  const bool is_tiny = text.find("e-") != std::string::npos || text.find("E-") != std::string::npos;
  return text[0] == '-' || is_tiny || is_fraction ? Text::too_small : Text::too_large;
}

std::string bounds_text(const WholeRange& range) {
  return fmt::format("a whole number from {} to {}", range.least, range.most);
}

std::string bounds_text(const NumberRange& range) {
  if (std::isinf(range.least)) return "a finite number";
  if (!range.above && !range.below) return fmt::format("a number from {} to {:g}", range.least, range.most);
  return fmt::format("a number {} {}, {} {:g}", range.above ? "above" : "of at least", range.least,
                     range.below ? "below" : "at most", range.most);
}

// Where a number is beyond the range, the upper end is named even if it is far away.
template <typename Range>
[[noreturn]] void refuse_as(const char* what, const std::string& names, const Range& range, const std::string& text) {
  const std::string bounds = bounds_text(range), value = quote(text);
  const bool are_told = range.most < Range().most;
  throw CLI::ValidationError(names.substr(0, names.find(',')),
                             are_told ? fmt::format("{} was expected, not {}", bounds, value)
                                      : fmt::format("{} is too {}: {} was expected", value, what, bounds));
}

// Into a number, or an optional one.
template <typename Value>
CLI::Option* add_whole(CLI::App& command, const std::string& names, Value& value, const WholeRange& range,
                       const std::string& help) {
  return add_strict_option(command, names, "INT", expected_text(range), help,
                           [&value, range, names](const std::string& text) {
                             int64_t number = 0;
                             const Text read = read_number(text, number);
                             if (read == Text::too_large || (read == Text::number && number > range.most))
                               refuse_as("large", names, range, text);
                             if (read != Text::number || number < range.least) return false;
                             value = number;
                             return true;
                           });
}

template <typename Value>
CLI::Option* add_real(CLI::App& command, const std::string& names, Value& value, const NumberRange& range,
                      const std::string& help) {
  return add_strict_option(command, names, "FLOAT", expected_text(range), help,
                           [&value, range, names](const std::string& text) {
                             double number = 0;
                             const Text read = read_number(text, number);
                             if (read == Text::too_large || (read == Text::number && number > range.most))
                               refuse_as("large", names, range, text);
                             if (read == Text::too_small && text[0] != '-') refuse_as("small", names, range, text);
                             if (read != Text::number || !std::isfinite(number)) return false;
                             if (number < range.least || (range.above && number == range.least)) return false;
                             if (range.below && number == range.most) return false;
                             value = number;
                             return true;
                           });
}

}  // namespace

std::string expected_text(const WholeRange& range) {
  if (range.most < WholeRange().most) return bounds_text(range);
  return fmt::format("a whole number of at least {}", range.least);
}

std::string expected_text(const NumberRange& range) {
  if (range.most < NumberRange().most || std::isinf(range.least)) return bounds_text(range);
  return range.above ? fmt::format("a number above {}", range.least)
                     : fmt::format("a number of at least {}", range.least);
}

bool read_finite(const std::string& text, double& number) {
  return read_number(text, number) == Text::number && std::isfinite(number);
}

CLI::Option* add_strict_option(CLI::App& command, const std::string& names, const std::string& type,
                               const std::string& expected, const std::string& help,
                               std::function<bool(const std::string&)> read) {
  const std::string name = names.substr(0, names.find(','));
  const auto take = [name, expected, read = std::move(read)](const std::string& text) {
    if (!read(text)) throw CLI::ValidationError(name, fmt::format("{} was expected, not {}", expected, quote(text)));
  };
  return command.add_option_function<std::string>(names, take, help)->type_name(type);
}

CLI::Option* add_number(CLI::App& command, const std::string& names, int64_t& value, const WholeRange& range,
                        const std::string& help) {
  return add_whole(command, names, value, range, help);
}

CLI::Option* add_number(CLI::App& command, const std::string& names, std::optional<int64_t>& value,
                        const WholeRange& range, const std::string& help) {
  return add_whole(command, names, value, range, help);
}

CLI::Option* add_number(CLI::App& command, const std::string& names, uint64_t& value, const std::string& help) {
  const std::string expected = "a whole number from 0 to 18446744073709551615";
  return add_strict_option(command, names, "INT", expected, help,
                           [&value](const std::string& text) { return read_number(text, value) == Text::number; });
}

CLI::Option* add_number(CLI::App& command, const std::string& names, double& value, const NumberRange& range,
                        const std::string& help) {
  return add_real(command, names, value, range, help);
}

CLI::Option* add_number(CLI::App& command, const std::string& names, std::optional<double>& value,
                        const NumberRange& range, const std::string& help) {
  return add_real(command, names, value, range, help);
}

std::string help_with_words(const std::string& help, const std::string& expected,
                            const std::vector<std::string>& words) {
  const bool are_told =
      std::ranges::all_of(words, [&](const std::string& word) { return help.find(word) != std::string::npos; });
  return are_told ? help : help + "; " + expected;
}

CLI::Option* add_word(CLI::App& command, const std::string& names, std::string& value,
                      const std::vector<std::string>& words, const std::string& help) {
  std::map<std::string, std::string> choices;
  for (const std::string& word : words) choices.emplace(word, word);
  return add_choice(command, names, value, choices, help);
}

}  // namespace thaw
