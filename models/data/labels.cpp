// SPDX-License-Identifier: Apache-2.0
// Sets of labels, and the reading of one cell.
#include "models/data/labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "models/data/look_alikes.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

template <typename T>
std::optional<T> parsed(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

// A decimal number; what is too large for f64 is infinite, what is too small 0.
std::optional<double> parsed_double(std::string_view text) {
  double value = 0;
  const char* stop = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), stop, value);
  if (end != stop || error == std::errc::invalid_argument) return {};
  if (error == std::errc()) return value;
  const bool is_small = text.find_first_of("eE") == std::string_view::npos
                            ? text.find_first_not_of("-0") == text.find('.')
                            : text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
  return is_small ? 0 : std::numeric_limits<double>::infinity();
}

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

// Without blanks around it and a plus sign before it.
std::string_view bare_number(std::string_view cell) {
  constexpr std::string_view blanks = " \t\r\n";
  constexpr std::string_view no_break_space = "\xC2\xA0";
  const auto trim = [&](std::string_view blank) {
    while (cell.starts_with(blank)) cell.remove_prefix(blank.size());
    while (cell.ends_with(blank)) cell.remove_suffix(blank.size());
  };
  for (size_t size = cell.size() + 1; cell.size() < size;) {
    size = cell.size();
    for (size_t i = 0; i < blanks.size(); ++i) trim(blanks.substr(i, 1));
    trim(no_break_space);
  }
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-' && cell[1] != '+') cell.remove_prefix(1);
  return cell;
}

bool are_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "1,5" or "1,234,567.8": a number in the form of some language, but not of files.
bool has_number_comma(std::string_view cell) {
  std::string_view rest = bare_number(cell);
  if (rest.starts_with('-')) rest.remove_prefix(1);
  size_t comma = rest.find(',');
  if (comma == std::string_view::npos || !are_digits(rest.substr(0, comma))) return false;
  rest.remove_prefix(comma + 1);
  if (are_digits(rest)) return true;
  constexpr size_t group = 3;
  for (; (comma = rest.find(',')) != std::string_view::npos; rest.remove_prefix(group + 1))
    if (comma != group || !are_digits(rest.substr(0, group))) return false;
  return are_digits(rest.substr(0, group)) &&
         (rest.size() == group || (rest.size() > group && rest[group] == '.' && are_digits(rest.substr(group + 1))));
}

}  // namespace

LabelSet::LabelSet(std::vector<std::string> names) : names_(std::move(names)) {
  for (const std::string& name : names_)
    check(ids_.emplace(name, static_cast<int32_t>(ids_.size())).second, "the label {} is there twice", quote(name));
}

LabelSet LabelSet::numbered(std::vector<std::string> names) {
  LabelSet labels(std::move(names));
  for (int32_t i = 0; i < labels.size(); ++i) labels.ids_.emplace(std::to_string(i), i);
  return labels;
}

LabelSet LabelSet::of_values(const std::set<std::string>& values) {
  std::vector<std::string> names(values.begin(), values.end());
  if (std::ranges::all_of(names, [](const std::string& name) { return is_integer_label(name); })) {
    std::ranges::stable_sort(
        names, [](const std::string& a, const std::string& b) { return parsed<int64_t>(a) < parsed<int64_t>(b); });
  }
  return LabelSet(std::move(names));
}

int32_t LabelSet::id(std::string_view name, const std::string& where) const {
  const auto found = ids_.find(name);
  if (found == ids_.end()) {
    const std::string twin = look_alike_among(name, names_);
    fail("{}: unknown label {} ({}known: {})", where, quote(name), twin.empty() ? "" : twin + "; ", listed(names_));
  }
  return found->second;
}

std::vector<std::string> split_cell(const std::string& cell, const std::string& separator, const std::string& where) {
  std::vector<std::string> parts;
  if (cell.empty()) return parts;
  for (size_t begin = 0, end = 0; end != std::string::npos; begin = end + separator.size()) {
    end = cell.find(separator, begin);
    parts.push_back(cell.substr(begin, end == std::string::npos ? end : end - begin));
    if (parts.back().empty()) fail("{}: an empty label in {}", where, quote(cell));
  }
  return parts;
}

std::vector<std::string> split_labels(const std::string& cell, const std::string& separator, const std::string& where) {
  std::vector<std::string> labels = split_cell(cell, separator, where);
  std::set<std::string_view> seen;
  for (const std::string& label : labels)
    if (!seen.insert(label).second) fail("{}: the label {} is there twice", where, quote(label));
  return labels;
}

NumberForm number_form(std::string_view cell) {
  const std::string_view bare = bare_number(cell);
  if (parsed<int64_t>(bare)) return NumberForm::integer;
  const auto value = parsed_double(bare);
  if (!value) return has_number_comma(cell) ? NumberForm::with_comma : NumberForm::none;
  if (std::isnan(*value) || !has_digit(bare)) return NumberForm::none;
  return *value == std::trunc(*value) ? NumberForm::whole : NumberForm::fraction;
}

double size_of_number(std::string_view cell) { return std::abs(parsed_double(bare_number(cell)).value_or(0)); }

double parse_number_label(const std::string& cell, const std::string& where, std::string_view why) {
  const auto value = parsed_double(bare_number(cell));
  if (value && has_digit(cell) && std::abs(*value) > std::numeric_limits<float>::max())
    fail("{}: the label {} is too large: numbers are computed in f32, which ends at 3.4e38", where, quote(cell));
  if (!value || !std::isfinite(*value))
    fail("{}: the label {} is not a {}number, {}{}", where, quote(cell), value ? "finite " : "", why,
         has_number_comma(cell) ? comma_hint : "");
  return *value;
}

bool is_integer_label(std::string_view cell) { return parsed<int64_t>(cell).has_value(); }

std::optional<bool> parse_indicator(std::string_view part) {
  if (part == "0" || part == "0.0" || part == "false" || part == "False") return false;
  if (part == "1" || part == "1.0" || part == "true" || part == "True") return true;
  return {};
}

}  // namespace thaw
