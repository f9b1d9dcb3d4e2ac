// SPDX-License-Identifier: Apache-2.0
// Reading rows.
#include "examples/thaw/labelled_rows.h"

namespace thaw {
namespace {

TableReading reading(const DataArguments& a) {
  TableReading reading;
  reading.columns = {a.text_column, a.label_column};
  reading.text_columns = {a.text_column};
  if (!a.text_pair_column.empty()) {
    reading.columns.push_back(a.text_pair_column);
    reading.text_columns.push_back(a.text_pair_column);
  }
  reading.list_separator = a.label_separator;
  return reading;
}

}  // namespace

LabelledRows::LabelledRows(const std::string& file, const DataArguments& a)
    : has_pair_(!a.text_pair_column.empty()), reader_(file, reading(a)) {}

bool LabelledRows::next(LabelledRow& row) {
  if (!reader_.next(row_)) return false;
  row.text = std::move(row_.cells[0]);
  row.label = std::move(row_.cells[1]);
  if (has_pair_) row.pair = std::move(row_.cells[2]);
  return true;
}

}  // namespace thaw
