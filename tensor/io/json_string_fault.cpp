// SPDX-License-Identifier: Apache-2.0
// Walks over a text's strings, escape by escape.
#include "tensor/io/json_string_fault.h"

#include <fmt/format.h>

#include <charconv>

namespace thaw {
namespace {

// The number behind "\u" at text[at]; nothing if there is no such escape of four digits.
std::optional<uint32_t> unicode_escape(std::string_view text, size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return {};
  uint32_t code = 0;
  const char* end = text.data() + at + 6;
  const auto [stop, error] = std::from_chars(text.data() + at + 2, end, code, 16);
  if (error != std::errc() || stop != end) return {};
  return code;
}

// Checks the escape at text[at] and moves `at` behind it.
std::optional<JsonStringFault> skip_escape(std::string_view text, size_t& at) {
  constexpr std::string_view simple = "\"\\/bfnrt";
  const size_t begin = at;
  const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
  if (simple.find(kind) != std::string_view::npos) {
    at += 2;
    return {};
  }
  if (kind != 'u') {
    const bool printable = kind > 0x20 && kind < 0x7F;
    return JsonStringFault{begin,
                           fmt::format("a string with a bad escape{}", printable ? fmt::format(": \\{}", kind) : "")};
  }
  const auto code = unicode_escape(text, at);
  if (!code) return JsonStringFault{begin, "a string with a bad escape: \\u without four hexadecimal digits"};
  at += 6;
  const bool is_high = *code >= 0xD800 && *code < 0xDC00, is_low = *code >= 0xDC00 && *code < 0xE000;
  if (is_high) {
    const auto second = unicode_escape(text, at);
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      at += 6;
      return {};
    }
  }
  if (is_high || is_low)
    return JsonStringFault{begin, fmt::format("a string holds half of a surrogate pair, {}, which is no character",
                                              text.substr(begin, 6))};
  return {};
}

}  // namespace

std::optional<JsonStringFault> find_string_fault(std::string_view text) {
  size_t opened = std::string_view::npos;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (opened == std::string_view::npos) {
      if (c == '"') opened = at;
      ++at;
    } else if (c == '"') {
      opened = std::string_view::npos;
      ++at;
    } else if (c == '\\') {
      if (auto fault = skip_escape(text, at)) return fault;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return JsonStringFault{at, fmt::format("a control character inside a string: U+{:04X}", static_cast<int>(c))};
    } else {
      ++at;
    }
  }
  if (opened != std::string_view::npos) return JsonStringFault{opened, "a string is not closed"};
  return {};
}

}  // namespace thaw
