// SPDX-License-Identifier: Apache-2.0
// Reading JSON text: simdjson finds the tokens, this file refuses everything that is not one strict, bounded value.
#include <simdjson.h>
#include <utf8proc.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/io/json_line.h"
#include "tensor/io/json_place.h"
#include "tensor/io/json_string_fault.h"

namespace thaw {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(blanks);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// Offset of the first byte that is not part of well-formed UTF-8; text.size() if there is none.
size_t utf8_error(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  size_t i = 0;
  while (i < text.size()) {
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    utf8proc_int32_t code = -1;
    const auto rest = static_cast<utf8proc_ssize_t>(std::min<size_t>(text.size() - i, 4));
    const auto length = utf8proc_iterate(bytes + i, rest, &code);
    if (length <= 0 || code < 0) return i;
    i += static_cast<size_t>(length);
  }
  return i;
}

// The forms that RFC 8259 allows: -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?; `is_integer` if only the first two are there.
bool is_json_number(std::string_view token, bool& is_integer) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t begin = i;
    while (i < token.size() && token[i] >= '0' && token[i] <= '9') ++i;
    return i - begin;
  };
  if (token.starts_with('-')) ++i;
  const size_t first = i;
  const size_t whole = digits();
  if (whole == 0 || (whole > 1 && token[first] == '0')) return false;
  is_integer = i == token.size();
  if (i < token.size() && token[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
    ++i;
    if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == token.size();
}

// Up to the first blank, bracket, comma or colon; a single one of these if it begins with it.
std::string_view first_word(std::string_view token) {
  token = trimmed(token);
  return token.substr(0, std::max<size_t>(1, token.find_first_of(" \t\r\n,:[]{}\"")));
}

std::optional<double> not_finite(std::string_view token) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (token == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (token == "Infinity") return infinity;
  if (token == "-Infinity") return -infinity;
  return {};
}

// Behind the first array or object of the text; npos if its brackets never close.
size_t container_end(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if ((c == ']' || c == '}') && --depth <= 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace

// Walks one document from front to back. Every value is visited once, so nothing goes unchecked.
class JsonReader {
 public:
  // is_line: see parse_json_line
  JsonReader(std::string_view text, const std::string& origin, bool is_line) : origin_(origin), is_line_(is_line) {
    if (text.starts_with(byte_order_mark))
      fail("{}: starts with a byte order mark, which JSON does not allow", origin_);
    if (text.size() > Json::max_bytes)
      fail("{}: {} bytes of JSON, the limit is {}", origin_, text.size(), Json::max_bytes);
    if (text.find_first_not_of(blanks) == std::string_view::npos) fail("{}: empty, expected a JSON value", origin_);
    if (const size_t bad = utf8_error(text); bad < text.size())
      fail("{}: {}: byte 0x{:02x} is not valid UTF-8", origin_, line_and_column(text, bad),
           static_cast<unsigned char>(text[bad]));
    const char first = text[text.find_first_not_of(blanks)];
    wrapped_ = first != '{' && first != '[';
    text_ = wrapped_ ? simdjson::padded_string(fmt::format("[{}]", text)) : simdjson::padded_string(text);
  }

  Json read() {
    ondemand::document document;
    if (const auto error = parser_.iterate(text_).get(document)) refuse(error, nullptr);
    document_ = &document;
    auto top = std::make_shared<JsonPlace>();
    top->origin = origin_;
    ondemand::value value;
    if (const auto error = document.get_value().get(value)) refuse(error, top.get());
    Json json = read_value(value, top, 1);
    const char* rest = nullptr;
    if (document.current_location().get(rest) == simdjson::SUCCESS) fail_after_value(rest);
    if (!wrapped_) return json;
    if (json.size() != 1) fail("{}: more than one value, expected a single one", origin_);
    Json only = json.items()[0];
    if (only.is_array() || only.is_object()) fail("{}: more than one value, expected a single one", origin_);
    return only;
  }

 private:
  Json read_value(ondemand::value value, const std::shared_ptr<const JsonPlace>& place, int depth) {
    if (++values_ > Json::max_values) fail("{}: more than {} values", origin_, Json::max_values);
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) refuse(error, place.get());
    const bool is_container = type == ondemand::json_type::object || type == ondemand::json_type::array;
    if (is_container && depth > Json::max_depth + (wrapped_ ? 1 : 0))
      fail("{}: nested deeper than {} levels", place_text(place.get()), Json::max_depth);
    Json json;
    if (type == ondemand::json_type::object) {
      json = read_object(value, place, depth);
    } else if (type == ondemand::json_type::array) {
      json = read_array(value, place, depth);
    } else if (type == ondemand::json_type::string) {
      json.value_ = read_string(value, place.get());
    } else {
      json = read_token(value, place.get());
    }
    if (!is_container) json.place_ = place;
    return json;
  }

  Json read_object(ondemand::value value, const std::shared_ptr<const JsonPlace>& place, int depth) {
    Json json = Json::object();
    json.place_ = place;
    auto& object = std::get<Json::Object>(json.value_);
    ondemand::object fields;
    if (const auto error = value.get_object().get(fields)) refuse(error, place.get());
    for (auto entry : fields) {
      ondemand::field field;
      if (const auto error = std::move(entry).get(field)) refuse(error, place.get());
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) refuse(error, place.get());
      if (utf8_error(key) < key.size()) refuse(simdjson::STRING_ERROR, place.get());
      std::string name(key);
      Json member = read_member(field.value(), place, JsonStep(name), depth);
      object.members.push_back({std::move(name), std::move(member)});
    }
    object.index();
    const auto twice = std::ranges::adjacent_find(
        object.sorted, [&](uint32_t a, uint32_t b) { return object.members[a].key == object.members[b].key; });
    if (twice != object.sorted.end()) fail("{}: the key is there twice", json.where(object.members[*twice].key));
    return json;
  }

  Json read_array(ondemand::value value, const std::shared_ptr<const JsonPlace>& place, int depth) {
    Json json = Json::array();
    json.place_ = place;
    auto& items = std::get<std::vector<Json>>(json.value_);
    ondemand::array elements;
    if (const auto error = value.get_array().get(elements)) refuse(error, place.get());
    for (auto entry : elements) {
      ondemand::value element;
      if (const auto error = std::move(entry).get(element)) refuse(error, place.get());
      items.push_back(read_member(element, place, JsonStep(items.size()), depth));
    }
    return json;
  }

  // An entry of a container: containers get a place of their own, scalars remember the container's.
  Json read_member(ondemand::value value, const std::shared_ptr<const JsonPlace>& parent, JsonStep step, int depth) {
    step_ = wrapped_ && !parent->parent ? nullptr : &step;
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return read_word(value, parent, error);
    const bool is_container = type == ondemand::json_type::object || type == ondemand::json_type::array;
    if (!is_container) {
      Json scalar = read_value(value, parent, depth + 1);
      step_ = nullptr;
      return scalar;
    }
    step_ = nullptr;
    auto place = std::make_shared<JsonPlace>();
    place->parent = parent;
    place->key = step.key;
    place->index = step.index;
    place->is_index = step.is_index;
    return read_value(value, place, depth + 1);
  }

  // What begins like no JSON value: NaN and Infinity, if they are allowed.
  Json read_word(ondemand::value value, const std::shared_ptr<const JsonPlace>& place, simdjson::error_code error) {
    const std::string_view token = first_word(value.raw_json_token());
    const auto number = is_line_ ? not_finite(token) : std::nullopt;
    if (!number && (token.empty() || token.find_first_of(",:[]{}") == 0)) refuse(error, place.get());
    if (!number) fail("{}: {} is not a JSON value", place_text(place.get()), quote(token));
    step_ = nullptr;
    Json json(*number);
    json.place_ = place;
    return json;
  }

  std::string read_string(ondemand::value value, const JsonPlace* place) {
    std::string_view text;
    if (const auto error = value.get_string().get(text)) refuse(error, place);
    if (utf8_error(text) < text.size()) refuse(simdjson::STRING_ERROR, place);
    return std::string(text);
  }

  Json read_token(ondemand::value value, const JsonPlace* place) {
    const std::string_view token = trimmed(value.raw_json_token());
    if (token == "null") return Json(nullptr);
    if (token == "true") return Json(true);
    if (token == "false") return Json(false);
    if (token.find_first_of(",:[]{}") == 0)
      fail("{}: not JSON: unexpected text near {}", place_text(place), location(token.data()));
    bool is_integer = false;
    if (!is_json_number(token, is_integer)) {
      const auto number = is_line_ ? not_finite(token) : std::nullopt;
      if (!number) fail("{}: {} is not a JSON value", place_text(place), quote(first_word(token)));
      return Json(*number);
    }
    const char* end = token.data() + token.size();
    if (is_integer) {
      int64_t number = 0;
      if (std::from_chars(token.data(), end, number).ec == std::errc()) return Json(number);
      uint64_t positive = 0;
      if (token[0] != '-' && std::from_chars(token.data(), end, positive).ec == std::errc()) return Json(positive);
      return Json::big_integer(std::string(token));
    }
    return Json(read_double(token, place));
  }

  // from_chars reports numbers too small for a double like those too large; the small ones are zero, as for everyone
  // else.
  double read_double(std::string_view token, const JsonPlace* place) {
    double number = 0;
    const auto result = std::from_chars(token.data(), token.data() + token.size(), number);
    if (result.ec == std::errc()) return number;
    number = std::strtod(std::string(token).c_str(), nullptr);
    if (std::isfinite(number)) return number;
    fail("{}: {} does not fit a double", place_text(place), quote(token));
  }

  std::string place_text(const JsonPlace* place) const {
    const std::string path = json_path(place, step_);
    return path.empty() ? origin_ : fmt::format("{}: {}", origin_, path);
  }

  std::string line_and_column(std::string_view text, size_t offset) const {
    if (is_line_) return fmt::format("byte {}", offset + 1);
    const std::string_view before = text.substr(0, offset);
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
    return fmt::format("line {}, byte {}", 1 + std::ranges::count(before, '\n'), 1 + offset - line_start);
  }

  std::string_view text() const { return {text_.data() + (wrapped_ ? 1 : 0), text_.size() - (wrapped_ ? 2 : 0)}; }

  std::string location(const char* at) const {
    const std::string_view text = this->text();
    if (at < text.data() || at >= text.data() + text.size()) return "the end";
    return line_and_column(text, static_cast<size_t>(at - text.data()));
  }

  [[noreturn]] void fail_after_value(const char* at) const {
    fail("{}: {}: text after the JSON value", origin_, location(at));
  }

  [[noreturn]] void refuse(simdjson::error_code error, const JsonPlace* place) const {
    if (error == simdjson::MEMALLOC) throw std::bad_alloc();
    const bool is_string =
        error == simdjson::UNCLOSED_STRING || error == simdjson::UNESCAPED_CHARS || error == simdjson::STRING_ERROR;
    const auto fault = is_string ? find_string_fault(text()) : std::nullopt;
    if (fault) fail("{}: not JSON: {}: {}", place_text(place), line_and_column(text(), fault->offset), fault->what);
    if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT) {
      // Some versions of simdjson say this of any text that does not end with the bracket it begins with.
      const std::string_view text = this->text();
      const size_t end = container_end(text), rest = end < text.size() ? text.find_first_not_of(blanks, end) : end;
      if (rest < text.size()) fail_after_value(text.data() + rest);
      fail("{}: not JSON: an object or array is not closed", place_text(place));
    }
    const char* at = nullptr;
    if (document_ && document_->current_location().get(at) == simdjson::SUCCESS)
      fail("{}: not JSON: unexpected text near {}", place_text(place), location(at));
    fail("{}: not JSON: {}", place_text(place), simdjson::error_message(error));
  }

  const std::string& origin_;
  bool is_line_;
  const JsonStep* step_ = nullptr;  // to the scalar that is being read, from its container
  simdjson::padded_string text_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document* document_ = nullptr;
  size_t values_ = 0;
  bool wrapped_ = false;  // a scalar at the top is read as the one entry of an array
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
