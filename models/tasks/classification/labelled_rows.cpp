// SPDX-License-Identifier: Apache-2.0
// Reading rows.
#include "models/tasks/classification/labelled_rows.h"

namespace thaw {
namespace {

TableReading reading(const ClassificationOptions& o, const FieldNames& called) {
  TableReading reading;
  reading.columns = {o.text_column, o.label_column};
  reading.text_columns = {o.text_column};
  if (!o.text_pair_column.empty()) {
    reading.columns.push_back(o.text_pair_column);
    reading.text_columns.push_back(o.text_pair_column);
  }
  reading.list_separator = o.label_separator;
  reading.list_option = called("label_separator");
  reading.list_item = "a label";
  return reading;
}

}  // namespace

LabelledRows::LabelledRows(const std::string& file, const ClassificationOptions& o, const FieldNames& called)
    : has_pair_(!o.text_pair_column.empty()), reader_(file, reading(o, called)) {}

bool LabelledRows::next(LabelledRow& row) {
  if (!reader_.next(row_)) return false;
  row.text = std::move(row_.cells[0]);
  row.label = std::move(row_.cells[1]);
  if (has_pair_) row.pair = std::move(row_.cells[2]);
  return true;
}

}  // namespace thaw
