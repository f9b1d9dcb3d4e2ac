// SPDX-License-Identifier: Apache-2.0
// Reads pairs.
#include "models/tasks/embed/pair_rows.h"

#include <utility>

#include "models/data/labels.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

TableReading reading(const EmbedOptions& o) {
  TableReading reading;
  reading.columns = {o.text_column, o.text_pair_column};
  if (!o.negative_column.empty()) reading.columns.push_back(o.negative_column);
  reading.text_columns = reading.columns;
  if (!o.score_column.empty()) reading.columns.push_back(o.score_column);
  return reading;
}

double score_of(const std::string& cell, const std::string& column, const std::string& where) {
  const NumberForm form = number_form(cell);
  const bool is_number = form != NumberForm::none && form != NumberForm::with_comma;
  if (!is_number || size_of_number(cell) > 1)
    fail("{}: {} is {}: expected a number in [-1, 1], as cosines are", where, column, quote(cell));
  return parse_number_label(cell, where);
}

}  // namespace

PairRows::PairRows(const std::string& file, const EmbedOptions& o)
    : has_negative_(!o.negative_column.empty()),
      has_score_(!o.score_column.empty()),
      score_column_(o.score_column),
      reader_(file, reading(o)) {}

bool PairRows::next(PairRow& row) {
  if (!reader_.next(row_)) return false;
  row.first = std::move(row_.cells[0]);
  row.second = std::move(row_.cells[1]);
  if (has_negative_) row.negative = std::move(row_.cells[2]);
  if (has_score_) row.score = score_of(row_.cells.back(), score_column_, where());
  return true;
}

}  // namespace thaw
