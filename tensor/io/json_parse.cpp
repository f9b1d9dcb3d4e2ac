// SPDX-License-Identifier: Apache-2.0
// Reading JSON text by recursive descent: one strict, bounded value and nothing else.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/io/json_line.h"
#include "tensor/io/json_place.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

using Place = std::shared_ptr<const JsonPlace>;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view brackets = ",:[]{}";
constexpr std::string_view word_ends = " \t\r\n,:[]{}\"";

// Characters that stand for themselves in a string.
constexpr auto plain = [] {
  std::array<bool, 256> table{};
  for (size_t c = 0x20; c < table.size(); ++c) table[c] = c != '"' && c != '\\';
  return table;
}();

// Behind the number at text[at], npos if none is there: -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?; `is_integer` if only the
// first two are.
size_t number_end(std::string_view text, size_t at, bool& is_integer) {
  const auto next = [&](char c) { return at < text.size() && text[at] == c; };
  const auto digits = [&] {
    const size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  if (next('-')) ++at;
  const bool is_zero = next('0');
  const size_t whole = digits();
  if (whole == 0 || (whole > 1 && is_zero)) return std::string_view::npos;
  is_integer = true;
  if (next('.')) {
    is_integer = false;
    ++at;
    if (digits() == 0) return std::string_view::npos;
  }
  if (next('e') || next('E')) {
    is_integer = false;
    ++at;
    if (next('+') || next('-')) ++at;
    if (digits() == 0) return std::string_view::npos;
  }
  return at == text.size() || word_ends.find(text[at]) != std::string_view::npos ? at : std::string_view::npos;
}

std::optional<double> not_finite(std::string_view word) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (word == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (word == "Infinity") return infinity;
  if (word == "-Infinity") return -infinity;
  return {};
}

// The number of "\u" and four digits at text[at]; nothing if they are not there.
std::optional<char32_t> unicode_escape(std::string_view text, size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return {};
  uint32_t code = 0;
  const char* end = text.data() + at + 6;
  const auto [stop, error] = std::from_chars(text.data() + at + 2, end, code, 16);
  if (error != std::errc() || stop != end) return {};
  return code;
}

bool is_high_surrogate(char32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_low_surrogate(char32_t code) { return code >= 0xDC00 && code < 0xE000; }

}  // namespace

// Walks over one text from front to back.
class JsonReader {
 public:
  // is_line: see parse_json_line
  JsonReader(std::string_view text, const std::string& origin, bool is_line)
      : text_(text), origin_(origin), is_line_(is_line) {
    if (text.starts_with(byte_order_mark))
      fail("{}: starts with a byte order mark, which JSON does not allow", origin_);
    if (text.size() > Json::max_bytes)
      fail("{}: {} bytes of JSON, the limit is {}", origin_, text.size(), Json::max_bytes);
    if (text.find_first_not_of(blanks) == std::string_view::npos) fail("{}: empty, expected a JSON value", origin_);
    if (const size_t bad = utf8_error_offset(text); bad < text.size())
      fail("{}: {}: byte 0x{:02x} is not valid UTF-8", origin_, location(bad), static_cast<unsigned char>(text[bad]));
  }

  Json read() {
    auto top = std::make_shared<JsonPlace>();
    top->origin = origin_;
    Json json = value(top, nullptr, 1);
    skip_blanks();
    if (at_ < text_.size()) fail("{}: {}: text after the JSON value", origin_, location(at_));
    return json;
  }

 private:
  // The value at `step` of the container at `parent`; no step for the top. Containers get a place of their own, scalars
  // remember their container's.
  Json value(const Place& parent, const JsonStep* step, int depth) {
    if (++values_ > Json::max_values) fail("{}: more than {} values", origin_, Json::max_values);
    skip_blanks();
    const bool is_object = next_is('{');
    if (!is_object && !next_is('[')) {
      step_ = step;
      Json json = scalar(parent.get());
      step_ = nullptr;
      json.place_ = parent;
      return json;
    }
    const Place place = step ? inside(parent, *step) : parent;
    if (depth > Json::max_depth) fail("{}: nested deeper than {} levels", place_text(place.get()), Json::max_depth);
    ++at_;
    return is_object ? object(place, depth) : array(place, depth);
  }

  static Place inside(const Place& parent, const JsonStep& step) {
    auto place = std::make_shared<JsonPlace>();
    place->parent = parent;
    place->key = step.key;
    place->index = step.index;
    place->is_index = step.is_index;
    return place;
  }

  // Behind the opening bracket, as array().
  Json object(const Place& place, int depth) {
    Json json = Json::object();
    json.place_ = place;
    auto& object = std::get<Json::Object>(json.value_);
    for (bool more = !ends(place.get(), '}', true); more; more = !ends(place.get(), '}', false)) {
      skip_blanks();
      if (!next_is('"')) unexpected(place.get());
      std::string key = string(place.get());
      skip_blanks();
      if (!next_is(':')) unexpected(place.get());
      ++at_;
      const JsonStep step(key);
      Json member = value(place, &step, depth + 1);
      if (object.find(key)) fail("{}: the key is there twice", json.where(key));
      object.add(std::move(key), std::move(member));
    }
    return json;
  }

  Json array(const Place& place, int depth) {
    Json json = Json::array();
    json.place_ = place;
    auto& items = std::get<std::vector<Json>>(json.value_);
    for (bool more = !ends(place.get(), ']', true); more; more = !ends(place.get(), ']', false)) {
      const JsonStep step(items.size());
      items.push_back(value(place, &step, depth + 1));
    }
    return json;
  }

  // Moves behind the closing bracket, which ends the container, or behind a comma, which is not for its beginning.
  bool ends(const JsonPlace* place, char close, bool at_begin) {
    skip_blanks();
    const bool closes = next_is(close);
    if (!closes && at_begin) return false;
    if (!closes && !next_is(',')) unexpected(place);
    ++at_;
    return closes;
  }

  Json scalar(const JsonPlace* place) {
    if (at_ == text_.size() || brackets.find(text_[at_]) != std::string_view::npos) unexpected(place);
    if (next_is('"')) return Json(string(place));
    bool is_integer = false;
    if (const size_t end = number_end(text_, at_, is_integer); end != std::string_view::npos) {
      const std::string_view digits = text_.substr(at_, end - at_);
      at_ = end;
      return is_integer ? integer(digits) : Json(real(digits, place));
    }
    // At least one character, so that a word of nothing but an end is named too.
    const std::string_view word = text_.substr(at_, std::max(at_ + 1, text_.find_first_of(word_ends, at_)) - at_);
    at_ += word.size();
    if (word == "null") return Json(nullptr);
    if (word == "true") return Json(true);
    if (word == "false") return Json(false);
    if (const auto number = is_line_ ? not_finite(word) : std::nullopt) return Json(*number);
    fail("{}: {} is not a JSON value", place_text(place), quote(word));
  }

  static Json integer(std::string_view digits) {
    const char* end = digits.data() + digits.size();
    int64_t number = 0;
    if (std::from_chars(digits.data(), end, number).ec == std::errc()) return Json(number);
    uint64_t positive = 0;
    if (digits[0] != '-' && std::from_chars(digits.data(), end, positive).ec == std::errc()) return Json(positive);
    return Json::big_integer(std::string(digits));
  }

  // from_chars reports numbers too small for a double like those too large; the small ones are zero, as for everyone
  // else.
  double real(std::string_view digits, const JsonPlace* place) const {
    double number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (result.ec == std::errc()) return number;
    number = std::strtod(std::string(digits).c_str(), nullptr);
    if (std::isfinite(number)) return number;
    fail("{}: {} does not fit a double", place_text(place), quote(digits));
  }

  // At the opening quote.
  std::string string(const JsonPlace* place) {
    const size_t open = at_++;
    std::string out;
    for (;;) {
      const size_t begin = at_;
      while (at_ < text_.size() && plain[static_cast<unsigned char>(text_[at_])]) ++at_;
      out.append(text_, begin, at_ - begin);
      if (at_ == text_.size() || (text_[at_] == '\\' && at_ + 1 == text_.size()))
        bad_string(place, open, "a string is not closed");
      if (text_[at_] == '"') {
        ++at_;
        return out;
      }
      if (text_[at_] != '\\')
        bad_string(place, at_,
                   fmt::format("a control character inside a string: U+{:04X}", static_cast<int>(text_[at_])));
      escape(place, out);
    }
  }

  // At a backslash that something follows.
  void escape(const JsonPlace* place, std::string& out) {
    constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const char name = text_[at_ + 1];
    if (const size_t i = names.find(name); i != std::string_view::npos) {
      out += meanings[i];
      at_ += 2;
      return;
    }
    if (name != 'u') {
      const bool printable = name > 0x20 && name < 0x7F;
      bad_string(place, at_, fmt::format("a string with a bad escape{}", printable ? fmt::format(": \\{}", name) : ""));
    }
    const auto code = unicode_escape(text_, at_);
    if (!code) bad_string(place, at_, "a string with a bad escape: \\u without four hexadecimal digits");
    const auto low = is_high_surrogate(*code) ? unicode_escape(text_, at_ + 6) : std::nullopt;
    if (low && is_low_surrogate(*low)) {
      append_utf8(out, 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00));
      at_ += 12;
      return;
    }
    if (is_high_surrogate(*code) || is_low_surrogate(*code))
      bad_string(
          place, at_,
          fmt::format("a string holds half of a surrogate pair, {}, which is no character", text_.substr(at_, 6)));
    append_utf8(out, *code);
    at_ += 6;
  }

  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
      ++at_;
  }

  std::string place_text(const JsonPlace* place) const { return place_text(place, step_); }

  std::string place_text(const JsonPlace* place, const JsonStep* step) const {
    const std::string path = json_path(place, step);
    return path.empty() ? origin_ : fmt::format("{}: {}", origin_, path);
  }

  std::string location(size_t offset) const {
    if (is_line_) return fmt::format("byte {}", offset + 1);
    const std::string_view before = text_.substr(0, offset);
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
    return fmt::format("line {}, byte {}", 1 + std::ranges::count(before, '\n'), 1 + offset - line_start);
  }

  // Another character than those that may stand here, or the end.
  [[noreturn]] void unexpected(const JsonPlace* place) const {
    if (at_ == text_.size()) fail("{}: not JSON: an object or array is not closed", place_text(place, nullptr));
    fail("{}: not JSON: unexpected text near {}", place_text(place), location(at_));
  }

  [[noreturn]] void bad_string(const JsonPlace* place, size_t offset, std::string_view what) const {
    fail("{}: not JSON: {}: {}", place_text(place), location(offset), what);
  }

  std::string_view text_;
  const std::string& origin_;
  bool is_line_;
  size_t at_ = 0;
  const JsonStep* step_ = nullptr;  // to the scalar that is being read, from its container
  size_t values_ = 0;
};

Json Json::parse(std::string_view text, const std::string& origin) { return JsonReader(text, origin, false).read(); }

Json parse_json_line(std::string_view line, const std::string& origin) { return JsonReader(line, origin, true).read(); }

Json Json::read(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    fail("{}: {}", path, std::filesystem::exists(path) ? "not a regular file" : "no such file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) fail("{}: {}", path, error.message());
  if (size > max_bytes) fail("{}: {} bytes of JSON, the limit is {}", path, size, max_bytes);
  std::ifstream file(path, std::ios::binary);
  std::string text(static_cast<size_t>(size), '\0');
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(size))) fail("{}: cannot be read", path);
  return parse(text, path);
}

}  // namespace thaw
