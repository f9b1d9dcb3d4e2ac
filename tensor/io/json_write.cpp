// SPDX-License-Identifier: Apache-2.0
// Writing JSON text, laid out as Python's json module lays it out.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"
#include "tensor/io/json_place.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

void append_string(std::string& out, std::string_view text, bool ensure_ascii) {
  const size_t bad = utf8_error_offset(text);
  if (bad < text.size()) fail("JSON: a string to be written is not UTF-8 at byte {}", bad);
  out += '"';
  for (size_t i = 0; i < text.size();) {
    const size_t begin = i;
    const char32_t code = next_code_point(text, i);
    switch (code) {
      case '"': out += "\\\""; continue;
      case '\\': out += "\\\\"; continue;
      case '\b': out += "\\b"; continue;
      case '\f': out += "\\f"; continue;
      case '\n': out += "\\n"; continue;
      case '\r': out += "\\r"; continue;
      case '\t': out += "\\t"; continue;
      default: break;
    }
    const auto value = static_cast<uint32_t>(code);
    if (value < 0x20 || (ensure_ascii && value >= 0x7F && value < 0x10000)) {
      out += fmt::format("\\u{:04x}", value);
    } else if (ensure_ascii && value >= 0x10000) {
      out +=
          fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((value - 0x10000) >> 10), 0xDC00 + ((value - 0x10000) & 0x3FF));
    } else {
      out += text.substr(begin, i - begin);
    }
  }
  out += '"';
}

// The shortest digits that read back the same, in Python's layout: 0.1, 1.0, 1e-05, 1e+16.
std::string double_text(double value) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  const size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  if (exponent < -4 || exponent >= 16) return std::string(text);
  const auto fixed_end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  const std::string fixed(buffer, fixed_end);
  return fixed.find('.') == std::string::npos ? fixed + ".0" : fixed;
}

}  // namespace

class JsonWriter {
 public:
  explicit JsonWriter(const JsonStyle& style) : style_(style) {}

  void write(const Json& json, int level) {
    switch (json.kind()) {
      case Json::Kind::null: out_ += "null"; break;
      case Json::Kind::boolean: out_ += json.as_bool() ? "true" : "false"; break;
      case Json::Kind::integer:
        if (const auto* number = std::get_if<int64_t>(&json.value_)) {
          out_ += std::to_string(*number);
        } else {
          out_ += std::to_string(std::get<uint64_t>(json.value_));
        }
        break;
      case Json::Kind::big_integer: out_ += json.as_digits(); break;
      case Json::Kind::number: write_double(json.as_number()); break;
      case Json::Kind::string: append_string(out_, json.as_string(), style_.ensure_ascii); break;
      case Json::Kind::array: write_array(json, level); break;
      case Json::Kind::object: write_object(json, level); break;
    }
  }

  std::string text() && { return std::move(out_); }

 private:
  void write_double(double value) {
    if (!std::isfinite(value)) {
      const std::string path = join_path(path_);
      fail("JSON: {}: {} cannot be written", path.empty() ? "the value" : path, value);
    }
    out_ += double_text(value);
  }

  void write_array(const Json& json, int level) {
    const auto& items = json.items();
    if (items.empty()) {
      out_ += "[]";
      return;
    }
    out_ += '[';
    for (size_t i = 0; i < items.size(); ++i) {
      start_entry(i == 0, level + 1);
      path_.push_back(fmt::format("[{}]", i));
      write(items[i], level + 1);
      path_.pop_back();
    }
    end_container(level, ']');
  }

  void write_object(const Json& json, int level) {
    const auto& members = json.members();
    if (members.empty()) {
      out_ += "{}";
      return;
    }
    std::vector<size_t> order(members.size());
    std::iota(order.begin(), order.end(), size_t{0});
    if (style_.sort_keys) std::ranges::sort(order, {}, [&](size_t i) -> std::string_view { return members[i].key; });
    out_ += '{';
    for (size_t n = 0; n < order.size(); ++n) {
      const JsonMember& member = members[order[n]];
      start_entry(n == 0, level + 1);
      append_string(out_, member.key, style_.ensure_ascii);
      out_ += style_.compact ? ":" : ": ";
      path_.push_back(quote_if_odd(member.key));
      write(member.value, level + 1);
      path_.pop_back();
    }
    end_container(level, '}');
  }

  void start_entry(bool first, int level) {
    if (!first) out_ += style_.indent < 0 && !style_.compact ? ", " : ",";
    if (style_.indent >= 0) new_line(level);
  }

  void end_container(int level, char bracket) {
    if (style_.indent >= 0) new_line(level);
    out_ += bracket;
  }

  void new_line(int level) {
    out_ += '\n';
    out_.append(static_cast<size_t>(level * style_.indent), ' ');
  }

  JsonStyle style_;
  std::string out_;
  std::vector<std::string> path_;
};

std::string Json::dump(int indent) const {
  JsonStyle style;
  style.indent = indent;
  return dump(style);
}

std::string Json::dump(const JsonStyle& style) const {
  JsonWriter writer(style);
  writer.write(*this, 0);
  return std::move(writer).text();
}

void Json::write(const std::string& path, const JsonStyle& style) const {
  write_file_atomically(path, dump(style) + "\n");
}

}  // namespace thaw
