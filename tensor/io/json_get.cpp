// SPDX-License-Identifier: Apache-2.0
// Typed reading of JSON values, and the messages that say which key of which file is wrong.
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/io/json_place.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace thaw {

namespace {

bool is_plain_word(std::string_view key) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !key.empty() && key.size() <= 60 && key.find_first_not_of(letters) == std::string_view::npos;
}

std::string step_text(const JsonStep& step) {
  if (step.is_index) return fmt::format("[{}]", step.index);
  return is_plain_word(step.key) ? std::string(step.key) : quote(step.key);
}

std::string expected_integer(int64_t min, int64_t max) {
  using Limits = std::numeric_limits<int64_t>;
  if (min == Limits::min() && max == Limits::max()) return "an integer of 64 bits";
  if (max == Limits::max()) return min == 0 ? "a non-negative integer" : fmt::format("an integer of at least {}", min);
  if (min == Limits::min()) return fmt::format("an integer of at most {}", max);
  return fmt::format("an integer from {} to {}", min, max);
}

std::string expected_number(double min, double max) {
  using Limits = std::numeric_limits<double>;
  if (min == Limits::lowest() && max == Limits::max()) return "a number";
  if (max == Limits::max()) return fmt::format("a number of at least {}", min);
  if (min == Limits::lowest()) return fmt::format("a number of at most {}", max);
  return fmt::format("a number from {} to {}", min, max);
}

}  // namespace

std::string join_path(const std::vector<std::string>& steps) {
  constexpr size_t first_bytes = 100, last_bytes = 160;
  const auto joined = [&](size_t begin, size_t end) {
    std::string path;
    for (size_t i = begin; i < end; ++i) path += (i == 0 || steps[i].starts_with('[') ? "" : ".") + steps[i];
    return path;
  };
  size_t begin = 0, end = steps.size(), bytes = 0;
  while (end > 0 && (bytes += steps[end - 1].size() + 1) <= last_bytes) --end;
  for (bytes = 0; begin < end && (bytes += steps[begin].size() + 1) <= first_bytes;) ++begin;
  return begin == end ? joined(0, steps.size()) : joined(0, begin) + "..." + joined(end, steps.size());
}

std::string json_path(const JsonPlace* place, const JsonStep* last) {
  std::vector<std::string> steps;
  if (last) steps.push_back(step_text(*last));
  for (; place && place->parent; place = place->parent.get()) {
    JsonStep step{place->key};
    step.index = place->index;
    step.is_index = place->is_index;
    steps.push_back(step_text(step));
  }
  std::ranges::reverse(steps);
  return join_path(steps);
}

std::string Json::where() const {
  if (!place_) return "JSON";
  const JsonPlace* top = place_.get();
  while (top->parent) top = top->parent.get();
  const std::string path = json_path(place_.get());
  const std::string file = path.empty() ? top->origin : fmt::format("{}: {}", top->origin, path);
  return is_array() || is_object() || path.empty() ? file : file + ": an entry";
}

std::string Json::where(JsonStep step) const {
  const JsonPlace* top = place_.get();
  while (top && top->parent) top = top->parent.get();
  return fmt::format("{}: {}", top ? top->origin : "JSON", json_path(place_.get(), &step));
}

std::string Json::describe() const {
  switch (kind()) {
    case Kind::object: return size() == 0 ? "an empty object" : "an object";
    case Kind::array: return size() == 0 ? "an empty array" : "an array";
    case Kind::string: return quote(std::get<std::string>(value_));
    case Kind::big_integer: {
      const std::string& digits = as_digits();
      return digits.size() <= 60 ? digits : fmt::format("an integer of {} digits", digits.size());
    }
    case Kind::number: {
      const double number = std::get<double>(value_);
      return std::isfinite(number) ? dump() : std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    }
    default: return dump();
  }
}

// The entry at `step`. `expected` says in the message for a missing one what it should have been.
const Json& Json::entry(JsonStep step, const char* expected) const {
  if (step.is_index) {
    const auto& list = items();
    if (step.index < list.size()) return list[step.index];
    fail("{}: expected {}, but the array ends before it (length {})", where(step), expected ? expected : "a value",
         list.size());
  }
  if (const Json* found = find(step.key)) return *found;
  fail("{}: missing, expected {}", where(step), expected ? expected : "a value");
}

const Json& Json::get_object(JsonStep step) const {
  const Json& json = entry(step, "an object");
  if (!json.is_object()) fail("{}: expected an object, found {}", where(step), json.describe());
  return json;
}

const Json& Json::get_array(JsonStep step) const {
  const Json& json = entry(step, "an array");
  if (!json.is_array()) fail("{}: expected an array, found {}", where(step), json.describe());
  return json;
}

int64_t Json::get_int(JsonStep step, int64_t min, int64_t max) const {
  const Json& json = entry(step, "an integer");
  const auto* number = std::get_if<int64_t>(&json.value_);
  if (number && *number >= min && *number <= max) return *number;
  fail("{}: expected {}, found {}", where(step), expected_integer(min, max), json.describe());
}

uint64_t Json::get_uint(JsonStep step, uint64_t max) const {
  const Json& json = entry(step, "an integer");
  if (const auto* number = std::get_if<int64_t>(&json.value_); number && *number >= 0)
    if (static_cast<uint64_t>(*number) <= max) return static_cast<uint64_t>(*number);
  if (const auto* number = std::get_if<uint64_t>(&json.value_); number && *number <= max) return *number;
  fail("{}: expected an integer from 0 to {}, found {}", where(step), max, json.describe());
}

double Json::get_number(JsonStep step, double min, double max) const {
  const Json& json = entry(step, "a number");
  if (json.is_number()) {
    const double number = json.as_number();
    if (number >= min && number <= max) return number;
  }
  fail("{}: expected {}, found {}", where(step), expected_number(min, max), json.describe());
}

bool Json::get_bool(JsonStep step) const {
  const Json& json = entry(step, "true or false");
  if (const auto* flag = std::get_if<bool>(&json.value_)) return *flag;
  fail("{}: expected true or false, found {}", where(step), json.describe());
}

const std::string& Json::get_string(JsonStep step) const {
  const Json& json = entry(step, "a string");
  if (const auto* text = std::get_if<std::string>(&json.value_)) return *text;
  fail("{}: expected a string, found {}", where(step), json.describe());
}

std::vector<int64_t> Json::get_ints(JsonStep step, int64_t min, int64_t max) const {
  const Json& list = get_array(step);
  std::vector<int64_t> numbers;
  numbers.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) numbers.push_back(list.get_int(i, min, max));
  return numbers;
}

std::vector<std::string> Json::get_strings(JsonStep step) const {
  const Json& list = get_array(step);
  std::vector<std::string> texts;
  texts.reserve(list.size());
  for (size_t i = 0; i < list.size(); ++i) texts.push_back(list.get_string(i));
  return texts;
}

int64_t Json::get_int_or(std::string_view key, int64_t otherwise, int64_t min, int64_t max) const {
  const Json* json = find(key);
  return !json || json->is_null() ? otherwise : get_int(key, min, max);
}

double Json::get_number_or(std::string_view key, double otherwise, double min, double max) const {
  const Json* json = find(key);
  return !json || json->is_null() ? otherwise : get_number(key, min, max);
}

bool Json::get_bool_or(std::string_view key, bool otherwise) const {
  const Json* json = find(key);
  return !json || json->is_null() ? otherwise : get_bool(key);
}

std::string Json::get_string_or(std::string_view key, const std::string& otherwise) const {
  const Json* json = find(key);
  return !json || json->is_null() ? otherwise : get_string(key);
}

int64_t Json::as_int(int64_t min, int64_t max) const {
  const auto* number = std::get_if<int64_t>(&value_);
  if (number && *number >= min && *number <= max) return *number;
  fail("{}: expected {}, found {}", where(), expected_integer(min, max), describe());
}

uint64_t Json::as_uint(uint64_t max) const {
  if (const auto* number = std::get_if<int64_t>(&value_); number && *number >= 0)
    if (static_cast<uint64_t>(*number) <= max) return static_cast<uint64_t>(*number);
  if (const auto* number = std::get_if<uint64_t>(&value_); number && *number <= max) return *number;
  fail("{}: expected an integer from 0 to {}, found {}", where(), max, describe());
}

double Json::as_number() const {
  switch (kind()) {
    case Kind::number: return std::get<double>(value_);
    case Kind::integer:
      if (const auto* number = std::get_if<int64_t>(&value_)) return static_cast<double>(*number);
      return static_cast<double>(std::get<uint64_t>(value_));
    case Kind::big_integer: {
      const std::string& digits = as_digits();
      double number = 0;
      const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (result.ec == std::errc()) return number;
      fail("{}: expected a number that a double can hold, found {}", where(), describe());
    }
    default: fail("{}: expected a number, found {}", where(), describe());
  }
}

bool Json::as_bool() const {
  if (const auto* flag = std::get_if<bool>(&value_)) return *flag;
  fail("{}: expected true or false, found {}", where(), describe());
}

const std::string& Json::as_string() const {
  if (const auto* text = std::get_if<std::string>(&value_)) return *text;
  fail("{}: expected a string, found {}", where(), describe());
}

const std::string& Json::as_digits() const {
  if (const auto* big = std::get_if<BigInteger>(&value_)) return big->digits;
  fail("{}: expected an integer beyond 64 bits, found {}", where(), describe());
}

}  // namespace thaw
