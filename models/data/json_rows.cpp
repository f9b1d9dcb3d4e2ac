// SPDX-License-Identifier: Apache-2.0
// Lines that are JSON objects, and what else they turn out to be.
#include "models/data/json_rows.h"

#include <string>
#include <string_view>

#include "models/data/file_kind.h"
#include "models/data/json_brackets.h"
#include "tensor/check.h"
#include "tensor/io/json_line.h"

namespace thaw {
namespace {

constexpr const char* blanks = " \t\r";
constexpr const char* one_a_line =
    ": JSONL has one object a line (`jq -c '.[]'` writes an array so, `jq -c .` objects)";

// Whether more brackets are opened than closed, and no string is open at the end.
bool is_open(const std::string& line) {
  JsonBrackets brackets;
  for (const char c : line) brackets.add(c);
  return brackets.depth() > 0 && !brackets.in_string();
}

}  // namespace

bool JsonRows::next(Json& row) {
  do {
    if (!lines_.next(line_)) return false;
  } while (line_.find_first_not_of(blanks) == std::string::npos);
  if (const std::string kind = any_row_ ? "" : foreign_header(line_); !kind.empty()) fail("{}: {}", name(), kind);
  any_row_ = true;
  check_ends(line_);
  row = parse_json_line(line_, where());
  if (!row.is_object()) fail("{}: expected an object, found {}{}", where(), row.describe(), one_a_line);
  return true;
}

// An array of objects, or an object over several lines: what other programs call JSON.
void JsonRows::check_ends(const std::string& line) const {
  const char first = line[line.find_first_not_of(blanks)], last = line[line.find_last_not_of(blanks)];
  if (first == '[' && last != ']')
    fail("{}: expected an object, found the beginning of an array{}", where(), one_a_line);
  if (line.find("{'") == line.find(first))
    fail("{}: expected a JSON object, found one as Python prints it: JSON has double quotes (json.dumps)", where());
  if (first == '{' && last != '}' && is_open(line))
    fail("{}: the object goes on beyond the line{}", where(), one_a_line);
}

const std::string& text_member(const Json& object, JsonStep step) {
  const std::string& text = object.get_string(step);
  if (text.find('\0') != std::string::npos) fail("{}: has a NUL character", object.where(step));
  return text;
}

std::vector<std::string> texts_member(const Json& object, JsonStep step) {
  const Json& list = object.get_array(step);
  std::vector<std::string> texts;
  for (size_t i = 0; i < list.size(); ++i) texts.push_back(text_member(list, i));
  return texts;
}

}  // namespace thaw
