// SPDX-License-Identifier: Apache-2.0
// Reads pairs.
#include "models/tasks/embed/pair_rows.h"

#include <charconv>
#include <system_error>
#include <utility>

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
  double score = 0;
  const char* begin = cell.data() + (cell.starts_with('+') ? 1 : 0);
  const char* end = cell.data() + cell.size();
  const auto [last, error] = std::from_chars(begin, end, score);
  if (error != std::errc() || last != end || !(score >= -1 && score <= 1))
    fail("{}: {} is {}: expected a number in [-1, 1], as cosines are", where, column, quote(cell));
  return score;
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
