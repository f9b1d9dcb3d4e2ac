// SPDX-License-Identifier: Apache-2.0
// Reads numbers by std::from_chars: the same in every locale.
#include "examples/thaw/number_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>

#include "tensor/quote.h"

namespace thaw {
namespace {

// False if the text is anything else than a number of the type. A sign + is taken.
template <typename T>
bool read_number(const std::string& text, T& number) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;
  const auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc() && stop == end;
}

std::string range_text(const WholeRange& range) {
  if (range.most < WholeRange().most) return fmt::format("a whole number from {} to {}", range.least, range.most);
  return fmt::format("a whole number of at least {}", range.least);
}

std::string range_text(const NumberRange& range) {
  if (range.most < NumberRange().most && !range.above)
    return fmt::format("a number from {} to {}", range.least, range.most);
  if (range.most < NumberRange().most) return fmt::format("a number above {}, at most {}", range.least, range.most);
  return range.above ? fmt::format("a number above {}", range.least)
                     : fmt::format("a number of at least {}", range.least);
}

}  // namespace

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
  return add_strict_option(command, names, "INT", range_text(range), help, [&value, range](const std::string& text) {
    int64_t number = 0;
    if (!read_number(text, number) || number < range.least || number > range.most) return false;
    value = number;
    return true;
  });
}

CLI::Option* add_number(CLI::App& command, const std::string& names, uint64_t& value, const std::string& help) {
  const std::string expected = "a whole number from 0 to 18446744073709551615";
  return add_strict_option(command, names, "INT", expected, help,
                           [&value](const std::string& text) { return read_number(text, value); });
}

CLI::Option* add_number(CLI::App& command, const std::string& names, double& value, const NumberRange& range,
                        const std::string& help) {
  return add_strict_option(command, names, "FLOAT", range_text(range), help, [&value, range](const std::string& text) {
    double number = 0;
    if (!read_number(text, number) || !std::isfinite(number)) return false;
    if (number < range.least || number > range.most || (range.above && number == range.least)) return false;
    value = number;
    return true;
  });
}

}  // namespace thaw
