// SPDX-License-Identifier: Apache-2.0
// Compares names with less and less left of them.
#include "models/data/look_alikes.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <memory>

#include "models/text/unicode_properties.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  if (length < 0 || !out) return std::string(text);  // not UTF-8, or unassigned: compared as it is
  return std::string(reinterpret_cast<const char*>(out), static_cast<size_t>(length));
}

std::string composed(std::string_view text) { return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::string without_hidden(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE);
}

std::string without_case(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

// No blanks at the ends, one space for those between words.
std::string with_plain_blanks(std::string_view text) {
  std::string out;
  bool blank = false;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    if (is_whitespace(next_code_point(text, at))) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += text.substr(begin, at - begin);
  }
  return out;
}

// "1", "01" and "1.0" are one number.
std::string as_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return is_number ? fmt::format("{}", value == 0 ? 0.0 : value) : text;
}

// Equal for names that look alike.
std::string look(std::string_view text) {
  constexpr int all = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
  return as_number(with_plain_blanks(mapped(text, all)));
}

const char* difference(std::string_view a, std::string_view b) {
  if (composed(a) == composed(b)) return "in how Unicode composes their accents only";
  if (with_plain_blanks(a) == with_plain_blanks(b)) return "by blanks only";
  if (without_hidden(a) == without_hidden(b)) return "by characters that show nothing only";
  if (without_case(a) == without_case(b)) return "by upper and lower case only";
  if (as_number(std::string(a)) == as_number(std::string(b))) return "in how a number is written only";
  return "by blanks, case, or forms of the same characters only";
}

}  // namespace

std::vector<LookAlike> look_alikes(const std::vector<std::string>& names) {
  std::vector<LookAlike> found;
  std::map<std::string, size_t> first_by_look;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto [first, is_new] = first_by_look.try_emplace(look(names[i]), i);
    if (!is_new) found.push_back({first->second, i, difference(names[first->second], names[i])});
  }
  return found;
}

std::string quoted_pair(std::string_view a, std::string_view b) {
  constexpr size_t limit = 160;  // the difference may be at the end
  const bool seen = composed(a) != composed(b) && quote(a, limit) != quote(b, limit);
  return seen ? fmt::format("{} and {}", quote(a, limit), quote(b, limit))
              : fmt::format("{} and {}", quote_ascii(a, limit), quote_ascii(b, limit));
}

std::string look_alike_among(std::string_view name, const std::vector<std::string>& names) {
  const std::string wanted = look(name);
  for (const std::string& known : names) {
    if (look(known) != wanted) continue;
    const bool seen = composed(name) != composed(known);
    return fmt::format("{} differs {}", seen ? quote(known) : quote_ascii(known), difference(name, known));
  }
  return "";
}

bool has_unseen(std::string_view name) {
  bool at_begin = true, blank = false;
  for (size_t at = 0; at < name.size();) {
    const char32_t code = next_code_point(name, at);
    blank = is_whitespace(code);
    if (at_begin && blank) return true;
    at_begin = false;
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    const bool joins_letters = code == 0x200C || code == 0x200D || code >= 0xE0000;  // and parts of emoji
    if (category == UTF8PROC_CATEGORY_CC || (category == UTF8PROC_CATEGORY_CF && !joins_letters)) return true;
  }
  return blank;
}

}  // namespace thaw
