// SPDX-License-Identifier: Apache-2.0
// Escapes and cuts.
#include "tensor/quote.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>

#include "tensor/utf8.h"

namespace thaw {
namespace {

constexpr size_t listed_names = 20, listed_bytes = 400;

// The code point at text[at] and its bytes; -1 and one byte where the text is not UTF-8.
utf8proc_int32_t code_at(std::string_view text, size_t at, size_t& length) {
  length = utf8_length(text, at);
  if (length > 0) return static_cast<utf8proc_int32_t>(next_code_point(text, at));
  length = 1;
  return -1;
}

bool is_control(utf8proc_int32_t code) {
  const utf8proc_category_t category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

// Shows nothing, or something that is taken for a blank or for nothing.
bool is_hidden(utf8proc_int32_t code) {
  if (code < 0x80) return code < 0x20 || code == 0x7F;
  constexpr utf8proc_int32_t fillers[] = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0};
  const utf8proc_category_t category = utf8proc_category(code);
  return is_control(code) || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_CO ||
         std::ranges::find(fillers, code) != std::end(fillers);
}

std::string escaped(utf8proc_int32_t code) {
  return code < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
}

std::string quoted(std::string_view text, size_t limit, bool ascii) {
  std::string out = "\"";
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    const utf8proc_int32_t code = code_at(text, at, length);
    std::string next(text.substr(at, length));
    if (code < 0) {
      next = fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
    } else if (code == '"' || code == '\\') {
      next.insert(0, 1, '\\');
    } else if (is_hidden(code) || (ascii && code >= 0x80)) {
      next = escaped(code);
    }
    if (out.size() + next.size() > limit + 1) return out + "...\"";
    out += next;
  }
  return out + '"';
}

}  // namespace

std::string quote(std::string_view text, size_t limit) { return quoted(text, limit, false); }

std::string quote_ascii(std::string_view text, size_t limit) { return quoted(text, limit, true); }

std::string quote_if_odd(std::string_view text) {
  const std::string in_quotes = quote(text);
  const bool changed = in_quotes.size() != text.size() + 2;
  const bool has_blank_end = text.empty() || text.front() == ' ' || text.back() == ' ';
  return changed || has_blank_end ? in_quotes : std::string(text);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  size_t count = 0;
  for (; count < std::min(names.size(), listed_names); ++count) {
    const std::string name = quote_if_odd(names[count]);
    if (text.size() + name.size() > listed_bytes) break;
    text += (count > 0 ? ", " : "") + name;
  }
  return count == names.size() ? text : fmt::format("{} and {} more", text, names.size() - count);
}

std::string one_line(std::string_view message) {
  std::string out;
  for (size_t at = 0, length = 0; at < message.size(); at += length) {
    const utf8proc_int32_t code = code_at(message, at, length);
    if (code == '\n') {
      out += ' ';
    } else if (code < 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(message[at]));
    } else if (is_control(code)) {
      out += escaped(code);
    } else {
      out += message.substr(at, length);
    }
  }
  return out;
}

}  // namespace thaw
