// SPDX-License-Identifier: Apache-2.0
// Reads tables, and counts by kind and group.
#include "examples/data/ranked_kinds.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "models/data/labels.h"
#include "models/data/table.h"
#include "nn/train/metrics.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

double number_in(const std::string& cell, const char* column, const std::string& where) {
  const NumberForm form = number_form(cell);
  if (form == NumberForm::none || form == NumberForm::with_comma)
    fail("{}: {} is {}: expected a number", where, column, quote(cell));
  return parse_number_label(cell, where);
}

// Of groups that have pairs.
class MeanOverGroups {
 public:
  void add(const PairOrder& order, double correlation) {
    sum_.order += order;
    sum_.spearman += correlation;
    ++groups_;
  }
  RankedKind mean() const { return {sum_.order, groups_ > 0 ? sum_.spearman / groups_ : 0}; }

 private:
  RankedKind sum_;
  double groups_ = 0;
};

}  // namespace

RankedTable RankedTable::read(const std::string& file) {
  const std::vector<std::string> there = TableReader(file).columns();
  TableReading wanted;
  wanted.columns = {"image", "score"};
  for (const char* column : {"kind", "group"})
    if (std::ranges::find(there, column) != there.end()) wanted.columns.emplace_back(column);
  const std::vector<std::string> columns = wanted.columns;
  RankedTable table;
  TableReader reader(file, wanted);
  for (TableRow row; reader.next(row);) {
    const auto cell = [&](const char* column) {
      const auto found = std::ranges::find(columns, column);
      return found == columns.end() ? std::string() : row.cells[static_cast<size_t>(found - columns.begin())];
    };
    table.images.push_back(row.cells[0]);
    table.scores.push_back(number_in(row.cells[1], "score", reader.where(row)));
    table.kinds.push_back(cell("kind"));
    table.groups.push_back(cell("group"));
  }
  if (table.images.empty()) fail("{}: has no rows below its header", file);
  return table;
}

RankedKinds ranked_kinds(const RankedTable& table, const std::vector<double>& said) {
  std::map<std::pair<std::string, std::string>, std::pair<std::vector<double>, std::vector<double>>> groups;
  for (size_t row = 0; row < said.size(); ++row) {
    auto& [of_group, truths] = groups[{table.kinds[row], table.groups[row]}];
    of_group.push_back(said[row]);
    truths.push_back(table.scores[row]);
  }
  MeanOverGroups all;
  std::map<std::string, MeanOverGroups> kinds;
  for (const auto& [key, numbers] : groups) {
    const PairOrder order = pair_order(numbers.first, numbers.second);
    if (order.pairs == 0) continue;
    const double correlation = spearman(numbers.first, numbers.second);
    all.add(order, correlation);
    if (!key.first.empty()) kinds[key.first].add(order, correlation);
  }
  RankedKinds ranked{all.mean(), {}};
  for (const auto& [name, kind] : kinds) ranked.kinds.emplace(name, kind.mean());
  return ranked;
}

std::vector<double> predicted_values(const std::string& file, const RankedTable& table) {
  TableReading wanted;
  wanted.columns = {"value", "image"};
  TableReader reader(file, wanted);
  std::vector<double> values;
  for (TableRow row; reader.next(row);) {
    if (values.size() == table.images.size() || row.cells[1] != table.images[values.size()])
      fail("{}: {} is not the picture that stands there in the table that was predicted from", reader.where(row),
           quote(row.cells[1]));
    values.push_back(number_in(row.cells[0], "value", reader.where(row)));
  }
  if (values.size() != table.images.size())
    fail("{}: has {} rows, the table that was predicted from {}", file, values.size(), table.images.size());
  return values;
}

}  // namespace thaw
