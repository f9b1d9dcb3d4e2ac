// SPDX-License-Identifier: Apache-2.0
// Tables of one JSON object a line.
#include "models/data/table_source.h"
#include "tensor/check.h"
#include "tensor/json.h"

namespace thaw {
namespace {

class JsonlSource : public TableSource {
 public:
  JsonlSource(LineReader lines, std::string list_separator)
      : TableSource(std::move(lines)), list_separator_(std::move(list_separator)) {}

  std::vector<std::string> header() override {
    if (!read()) fail("{}: is empty", name());
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
    } while (line.find_first_not_of(" \t") == std::string::npos);
    object_ = Json::parse(line, lines_.where());
    if (!object_.is_object()) fail("{}: expected an object, found {}", lines_.where(), object_.describe());
    return true;
  }

  // Strings as they are, numbers and booleans as JSON writes them.
  std::string cell(const std::string& column) const {
    const Json* value = object_.find(column);
    if (!value) fail("{}: has no \"{}\", which the first line has", lines_.where(), column);
    std::string text;
    if (value->is_array()) {
      text = joined(*value, column);
    } else if (value->is_string()) {
      text = value->as_string();
    } else if (value->is_number() || value->is_bool()) {
      text = value->dump();
    } else {
      fail("{}: \"{}\" is {}: expected a string or a number", lines_.where(), column, value->describe());
    }
    if (text.find('\0') != std::string::npos) fail("{}: \"{}\" has a NUL character", lines_.where(), column);
    return text;
  }

  std::string joined(const Json& list, const std::string& column) const {
    if (list_separator_.empty())
      fail("{}: \"{}\" is a list: lists are read as several labels, if a label separator is given", lines_.where(),
           column);
    std::string text;
    for (const Json& item : list.items()) {
      const std::string part = item.is_string() ? item.as_string() : item.is_integer() ? item.dump() : "";
      if (part.empty() || part.find(list_separator_) != std::string::npos)
        fail("{}: \"{}\": {} cannot be a label joined by \"{}\"", lines_.where(), column, item.describe(),
             list_separator_);
      text += (text.empty() ? "" : list_separator_) + part;
    }
    return text;
  }

  std::string list_separator_;
  std::vector<std::string> columns_;
  Json object_;
  bool first_is_read_ = false;
};

}  // namespace

std::unique_ptr<TableSource> make_jsonl_source(LineReader lines, std::string list_separator) {
  return std::make_unique<JsonlSource>(std::move(lines), std::move(list_separator));
}

}  // namespace thaw
