// SPDX-License-Identifier: Apache-2.0
// Sets of labels, and the reading of one cell.
#include "models/data/labels.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr size_t most_named = 20;  // labels that a message lists

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), most_named); ++i) text += (i ? ", " : "") + names[i];
  return names.size() > most_named ? fmt::format("{} and {} more", text, names.size() - most_named) : text;
}

template <typename T>
std::optional<T> parsed(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

LabelSet::LabelSet(std::vector<std::string> names) : names_(std::move(names)) {
  for (const std::string& name : names_)
    check(ids_.emplace(name, static_cast<int32_t>(ids_.size())).second, "the label \"{}\" is there twice", name);
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
  if (found == ids_.end()) fail("{}: unknown label \"{}\" (known: {})", where, name, listed(names_));
  return found->second;
}

std::vector<std::string> split_labels(const std::string& cell, const std::string& separator, const std::string& where) {
  std::vector<std::string> labels;
  if (cell.empty()) return labels;
  for (size_t begin = 0, end = 0; end != std::string::npos; begin = end + separator.size()) {
    end = cell.find(separator, begin);
    std::string label = cell.substr(begin, end == std::string::npos ? end : end - begin);
    if (label.empty()) fail("{}: an empty label in \"{}\"", where, cell);
    if (std::ranges::find(labels, label) != labels.end()) fail("{}: the label \"{}\" is there twice", where, label);
    labels.push_back(std::move(label));
  }
  return labels;
}

double parse_number_label(const std::string& cell, const std::string& where) {
  const auto value = parsed<double>(cell);
  if (!value || !std::isfinite(*value))
    fail("{}: the label \"{}\" is not a number, as regression needs it", where, cell);
  return *value;
}

bool is_integer_label(std::string_view cell) { return parsed<int64_t>(cell).has_value(); }

bool is_number_label(const std::string& cell) {
  const auto value = parsed<double>(cell);
  return value && std::isfinite(*value);
}

}  // namespace thaw
