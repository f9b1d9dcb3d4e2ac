// SPDX-License-Identifier: Apache-2.0
// Reads sources and targets.
#include "models/tasks/text2text/source_rows.h"

#include <cstddef>
#include <utility>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

TableReading reading(const Text2TextOptions& o) {
  TableReading reading;
  reading.columns = column_list(o.target_column);
  reading.columns.insert(reading.columns.begin(), o.source_column);
  reading.text_columns = reading.columns;
  return reading;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

std::vector<std::string> column_list(const std::string& names) {
  std::vector<std::string> list;
  for (size_t begin = 0; begin <= names.size();) {
    const size_t end = std::min(names.find(',', begin), names.size());
    list.push_back(names.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

SourceRows::SourceRows(const std::string& file, const Text2TextOptions& o)
    : prefix_(o.source_prefix), targets_(column_list(o.target_column)), reader_(file, reading(o)) {}

bool SourceRows::next(SourceRow& row) {
  if (!reader_.next(row_)) return false;
  if (is_blank(row_.cells[1])) fail("{}: {} is empty: there is nothing to write", where(), quote(targets_[0]));
  row.source = prefix_ + row_.cells[0];
  row.references = {std::move(row_.cells[1])};
  for (size_t i = 2; i < row_.cells.size(); ++i)
    if (!is_blank(row_.cells[i])) row.references.push_back(std::move(row_.cells[i]));
  return true;
}

}  // namespace thaw
