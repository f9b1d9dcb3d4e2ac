// SPDX-License-Identifier: Apache-2.0
// Line by line.
#include "examples/thaw/option_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr std::string_view blanks = " \t\r", byte_order_mark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

// Up to a "#" at the beginning or after a blank.
std::string_view without_comment(std::string_view text) {
  for (size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1))
    if (at == 0 || blanks.find(text[at - 1]) != std::string_view::npos) return trimmed(text.substr(0, at));
  return text;
}

// text: from the opening quote to the end of the line.
std::string quoted_value(std::string_view text, const std::string& place) {
  size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) fail("{}: the quotes do not end", place);
  const std::string_view rest = text.substr(end + 1);
  if (!without_comment(trimmed(rest)).empty()) fail("{}: {} after the closing quote", place, quote(trimmed(rest)));
  return Json::parse(text.substr(0, end + 1), place).as_string();
}

FileOption parse(std::string_view line, int64_t number, const std::string& path) {
  const std::string place = fmt::format("{}:{}", path, number);
  const size_t equals = line.find('=');
  const std::string_view key = trimmed(line.substr(0, equals));
  if (equals == std::string_view::npos || key.empty())
    fail("{}: KEY = VALUE was expected, as \"batch-size = 16\", not {}", place, quote(line));
  std::string_view value = trimmed(line.substr(equals + 1));
  if (value.starts_with('"')) return {std::string(key), quoted_value(value, place), number};
  value = without_comment(value);
  if (value.starts_with('\'')) fail("{}: {}: quotes are \", not '", place, quote_if_odd(key));
  if (value.empty()) fail("{}: {}: a value is missing after =", place, quote_if_odd(key));
  return {std::string(key), std::string(value), number};
}

}  // namespace

std::vector<FileOption> read_option_file(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_type type = std::filesystem::status(path, ignored).type();
  if (type == std::filesystem::file_type::not_found) fail("{}: no such file", path);
  if (type == std::filesystem::file_type::directory) fail("{}: is a directory, not a file of options", path);
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  const bool is_empty = in.peek() == std::ifstream::traits_type::eof();
  if (!in.is_open() || (!is_empty && !(text << in.rdbuf()))) fail("{}: cannot be read as a file of options", path);
  if (text.str().starts_with(byte_order_mark)) text.ignore(byte_order_mark.size());
  std::vector<FileOption> options;
  int64_t number = 0;
  for (std::string line; std::getline(text, line);) {
    const std::string_view content = trimmed(line);
    if (++number; !without_comment(content).empty()) options.push_back(parse(content, number, path));
  }
  return options;
}

std::string option_line(const std::string& key, const std::string& value) {
  const bool is_plain = !value.empty() && trimmed(value) == value && without_comment(value) == value &&
                        value[0] != '"' && value[0] != '\'' &&
                        std::ranges::none_of(value, [](char c) { return c >= 0 && c < ' ' && c != '\t'; });
  return fmt::format("{} = {}", key, is_plain ? value : Json(value).dump());
}

}  // namespace thaw
