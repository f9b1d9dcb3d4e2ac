// SPDX-License-Identifier: Apache-2.0
// Reads columns.
#include "models/tasks/ranking/scored_rows.h"

#include <utility>
#include <vector>

#include "models/data/labels.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

TableReading reading_of_scores(const RankingOptions& o) {
  TableReading reading;
  reading.columns = reading.text_columns = o.as_classified().input_columns();
  reading.columns.push_back(o.score_column);
  reading.number_columns = {o.score_column};
  if (!o.group_column.empty()) reading.columns.push_back(o.group_column);
  return reading;
}

TableReading reading_of_preferences(const RankingOptions& o) {
  TableReading reading;
  reading.columns = {o.better_column, o.worse_column};
  if (!o.prompt_column.empty()) reading.columns.push_back(o.prompt_column);
  reading.text_columns = reading.columns;
  return reading;
}

double score_of(const std::string& cell, const std::string& column, const std::string& where) {
  const NumberForm form = number_form(cell);
  if (form == NumberForm::none || form == NumberForm::with_comma)
    fail("{}: {} is {}: expected a number{}", where, column, quote(cell),
         form == NumberForm::with_comma ? comma_hint : "");
  return parse_number_label(cell, where);
}

// The last cell, which is taken away.
std::string taken(std::vector<std::string>& cells) {
  std::string last = std::move(cells.back());
  cells.pop_back();
  return last;
}

}  // namespace

ScoredRows::ScoredRows(const std::string& file, const RankingOptions& options)
    : options_(options),
      reader_(file, reading_of_scores(options)),
      folder_(options.reads == InputKind::texts ? "" : folder_of(file)) {}

bool ScoredRows::next(ScoredRow& row) {
  TableRow read;
  if (!reader_.next(read)) return false;
  const std::string where = reader_.where(read);
  row.group = options_.group_column.empty() ? "" : taken(read.cells);
  row.score = score_of(taken(read.cells), options_.score_column, where);
  row.input = {.cells = std::move(read.cells), .folder = folder_, .where = where};
  row.line = read.line;
  return true;
}

PreferredRows::PreferredRows(const std::string& file, const RankingOptions& options)
    : reader_(file, reading_of_preferences(options)),
      folder_(options.reads == InputKind::texts ? "" : folder_of(file)) {}

bool PreferredRows::next(PreferredRow& row) {
  TableRow read;
  if (!reader_.next(read)) return false;
  const auto input = [&](size_t cell) {
    InputRow one{.cells = {read.cells[cell]}, .folder = folder_, .where = reader_.where(read)};
    if (read.cells.size() > 2) one.cells.insert(one.cells.begin(), read.cells[2]);
    return one;
  };
  row = {.better = input(0), .worse = input(1), .line = read.line};
  return true;
}

}  // namespace thaw
