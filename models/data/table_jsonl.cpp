// SPDX-License-Identifier: Apache-2.0
// Tables of one JSON object a line.
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/data/json_rows.h"
#include "models/data/table_source.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

bool is_not_finite(const Json& json) { return json.kind() == Json::Kind::number && !std::isfinite(json.as_number()); }

class JsonlSource : public TableSource {
 public:
  JsonlSource(LineReader lines, const TableReading& reading)
      : rows_(std::move(lines)),
        list_separator_(reading.list_separator),
        list_option_(reading.list_option),
        list_item_(reading.list_item),
        text_columns_(reading.text_columns),
        number_columns_(reading.number_columns),
        same_keys_(reading.same_keys) {}

  std::vector<std::string> header() override {
    if (!rows_.next(object_)) fail("{}: is empty", name());
    for (const JsonMember& member : object_.members()) columns_.push_back(member.key);
    first_is_read_ = true;
    return columns_;
  }

  const std::string& name() const override { return rows_.name(); }

  bool next(TableRow& row, const std::vector<size_t>& chosen) override {
    if (!first_is_read_ && !rows_.next(object_)) return false;
    first_is_read_ = false;
    row.line = rows_.number();
    if (same_keys_) check_keys();
    row.cells.clear();
    for (const size_t column : chosen) row.cells.push_back(cell(columns_[column]));
    return true;
  }

 private:
  void check_keys() const {
    for (const JsonMember& member : object_.members())
      if (std::ranges::find(columns_, member.key) == columns_.end())
        fail("{}: has {}, which the first line has not", rows_.where(), quote(member.key));
  }

  // Strings as they are, numbers and booleans as JSON writes them.
  std::string cell(const std::string& column) const {
    const Json* value = object_.find(column);
    if (same_keys_ && (!value || value->is_null())) return {};
    if (!value) fail("{}: has no {}, which the first line has", rows_.where(), quote(column));
    std::string text;
    if (value->is_array()) {
      text = joined(*value, column);
    } else if (value->is_string()) {
      text = value->as_string();
    } else if ((value->is_number() && !is_not_finite(*value)) || value->is_bool()) {
      text = value->dump();
    } else {
      fail("{}: {} is {}: expected a string or a number", rows_.where(), quote(column), value->describe());
    }
    if (text.find('\0') != std::string::npos) fail("{}: {} has a NUL character", rows_.where(), quote(column));
    return text;
  }

  // Labels are strings, integers or the booleans of a 0/1 vector; numbers to predict are of any form.
  static std::string item_text(const Json& item) {
    if (item.is_string()) return item.as_string();
    return item.is_bool() || (item.is_number() && !is_not_finite(item)) ? item.dump() : "";
  }

  std::string joined(const Json& list, const std::string& column) const {
    if (std::ranges::find(text_columns_, column) != text_columns_.end())
      fail("{}: {} is a list: a text is expected there, a string", rows_.where(), quote(column));
    if (std::ranges::find(number_columns_, column) != number_columns_.end())
      fail("{}: {} is a list: a number is expected there", rows_.where(), quote(column));
    if (list_separator_.empty())
      fail("{}: {} is a list: lists are read as several labels, or several numbers, with {} '|'", rows_.where(),
           quote(column), list_option_);
    std::string text;
    for (const Json& item : list.items()) {
      const std::string part = item_text(item);
      if (part.empty() || part.find(list_separator_) != std::string::npos)
        fail("{}: {}: {} cannot be {} joined by {}", rows_.where(), quote(column), item.describe(), list_item_,
             quote(list_separator_));
      text += (text.empty() ? "" : list_separator_) + part;
    }
    return text;
  }

  JsonRows rows_;
  std::string list_separator_, list_option_, list_item_;
  std::vector<std::string> text_columns_, number_columns_, columns_;
  Json object_;
  bool first_is_read_ = false, same_keys_;
};

}  // namespace

std::unique_ptr<TableSource> make_jsonl_source(LineReader lines, const TableReading& reading) {
  return std::make_unique<JsonlSource>(std::move(lines), reading);
}

}  // namespace thaw
