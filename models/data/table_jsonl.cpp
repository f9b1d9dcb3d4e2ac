// SPDX-License-Identifier: Apache-2.0
// Tables of one JSON object a line.
#include <algorithm>
#include <cmath>

#include "models/data/file_kind.h"
#include "models/data/table_source.h"
#include "tensor/check.h"
#include "tensor/io/json_line.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* blanks = " \t\r";
constexpr const char* one_a_line =
    ": JSONL has one object a line (`jq -c '.[]'` writes an array so, `jq -c .` objects)";

// Whether more brackets are opened than closed, and no string is open at the end.
bool is_open(const std::string& line) {
  int64_t depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string) {
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
    }
  }
  return depth > 0 && !in_string;
}

bool is_not_finite(const Json& json) { return json.kind() == Json::Kind::number && !std::isfinite(json.as_number()); }

class JsonlSource : public TableSource {
 public:
  JsonlSource(LineReader lines, const TableReading& reading)
      : TableSource(std::move(lines)),
        list_separator_(reading.list_separator),
        list_option_(reading.list_option),
        text_columns_(reading.text_columns) {}

  std::vector<std::string> header() override {
    first_line_is_next_ = true;
    if (!read()) fail("{}: is empty", name());
    first_line_is_next_ = false;
    for (const JsonMember& member : object_.members()) columns_.push_back(member.key);
    first_is_read_ = true;
    return columns_;
  }

  bool next(TableRow& row, const std::vector<size_t>& chosen) override {
    if (!first_is_read_ && !read()) return false;
    first_is_read_ = false;
    row.line = lines_.number();
    row.cells.clear();
    for (const size_t column : chosen) row.cells.push_back(cell(columns_[column]));
    return true;
  }

 private:
  // Lines without anything are passed over.
  bool read() {
    std::string line;
    do {
      if (!lines_.next(line)) return false;
    } while (line.find_first_not_of(blanks) == std::string::npos);
    if (const std::string kind = first_line_is_next_ ? foreign_header(line) : ""; !kind.empty())
      fail("{}: {}", name(), kind);
    check_ends(line);
    object_ = parse_json_line(line, lines_.where());
    if (!object_.is_object())
      fail("{}: expected an object, found {}{}", lines_.where(), object_.describe(), one_a_line);
    return true;
  }

  // An array of objects, or an object over several lines: what other programs call JSON.
  void check_ends(const std::string& line) const {
    const char first = line[line.find_first_not_of(blanks)], last = line[line.find_last_not_of(blanks)];
    if (first == '[' && last != ']')
      fail("{}: expected an object, found the beginning of an array{}", lines_.where(), one_a_line);
    if (line.find("{'") == line.find(first))
      fail("{}: expected a JSON object, found one as Python prints it: JSON has double quotes (json.dumps)",
           lines_.where());
    if (first == '{' && last != '}' && is_open(line))
      fail("{}: the object goes on beyond the line{}", lines_.where(), one_a_line);
  }

  // Strings as they are, numbers and booleans as JSON writes them.
  std::string cell(const std::string& column) const {
    const Json* value = object_.find(column);
    if (!value) fail("{}: has no {}, which the first line has", lines_.where(), quote(column));
    std::string text;
    if (value->is_array()) {
      text = joined(*value, column);
    } else if (value->is_string()) {
      text = value->as_string();
    } else if ((value->is_number() && !is_not_finite(*value)) || value->is_bool()) {
      text = value->dump();
    } else {
      fail("{}: {} is {}: expected a string or a number", lines_.where(), quote(column), value->describe());
    }
    if (text.find('\0') != std::string::npos) fail("{}: {} has a NUL character", lines_.where(), quote(column));
    return text;
  }

  // Labels are strings or integers; 0/1 vectors may have other forms of 0 and 1.
  static std::string item_text(const Json& item) {
    if (item.is_string()) return item.as_string();
    if (item.is_integer() || item.is_bool()) return item.dump();
    return item == Json(0.0) || item == Json(1.0) ? item.dump() : "";
  }

  std::string joined(const Json& list, const std::string& column) const {
    if (std::ranges::find(text_columns_, column) != text_columns_.end())
      fail("{}: {} is a list: a text is expected there, a string", lines_.where(), quote(column));
    if (list_separator_.empty())
      fail("{}: {} is a list: lists are read as several labels with {} '|'", lines_.where(), quote(column),
           list_option_);
    std::string text;
    for (const Json& item : list.items()) {
      const std::string part = item_text(item);
      if (part.empty() || part.find(list_separator_) != std::string::npos)
        fail("{}: {}: {} cannot be a label joined by {}", lines_.where(), quote(column), item.describe(),
             quote(list_separator_));
      text += (text.empty() ? "" : list_separator_) + part;
    }
    return text;
  }

  std::string list_separator_, list_option_;
  std::vector<std::string> text_columns_, columns_;
  Json object_;
  bool first_line_is_next_ = false, first_is_read_ = false;
};

}  // namespace

std::unique_ptr<TableSource> make_jsonl_source(LineReader lines, const TableReading& reading) {
  return std::make_unique<JsonlSource>(std::move(lines), reading);
}

}  // namespace thaw
