// SPDX-License-Identifier: Apache-2.0
// Reading rows, and finding out what their labels are.
#include "examples/thaw/labelled_rows.h"

#include <set>

#include "tensor/check.h"

namespace thaw {
namespace {

TableReading reading(const DataArguments& a) {
  TableReading reading;
  reading.columns = {a.text_column, a.label_column};
  if (!a.text_pair_column.empty()) reading.columns.push_back(a.text_pair_column);
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

void Problem::add_target(const std::string& cell, const std::string& where, ClassificationTargets& targets) const {
  switch (type) {
    case ProblemType::single_label: targets.classes.push_back(labels.id(cell, where)); break;
    case ProblemType::multi_label: {
      const size_t row = targets.values.size();
      targets.values.resize(row + static_cast<size_t>(labels.size()), 0.0);
      for (const std::string& label : split_labels(cell, separator, where))
        targets.values[row + static_cast<size_t>(labels.id(label, where))] = 1;
      break;
    }
    case ProblemType::regression: targets.values.push_back(parse_number_label(cell, where)); break;
  }
}

Problem find_problem(const std::string& train_file, const DataArguments& a, std::optional<ProblemType> given) {
  LabelledRows rows(train_file, a);
  LabelledRow row;
  std::set<std::string> values;
  bool all_numbers = true, all_integers = true;
  int64_t count = 0;
  for (; rows.next(row); ++count) {
    all_integers = all_integers && is_integer_label(row.label);
    all_numbers = all_numbers && is_number_label(row.label);
    if (a.label_separator.empty()) {
      if (row.label.empty()) fail("{}: the label is empty", rows.where());
      values.insert(std::move(row.label));
    } else {
      for (std::string& label : split_labels(row.label, a.label_separator, rows.where()))
        values.insert(std::move(label));
    }
  }
  if (count == 0) fail("{}: has no rows below its header", train_file);
  Problem problem{ProblemType::single_label, {}, a.label_separator};
  if (given) {
    problem.type = *given;
  } else if (!a.label_separator.empty()) {
    problem.type = ProblemType::multi_label;
  } else if (all_numbers && !all_integers) {
    problem.type = ProblemType::regression;
  }
  check(problem.type != ProblemType::multi_label || !a.label_separator.empty(),
        "several labels a row need --label-separator: what stands between them in the column \"{}\"", a.label_column);
  check(problem.type == ProblemType::multi_label || a.label_separator.empty(),
        "--label-separator is for several labels a row, but the problem is {}", name_of(problem.type));
  problem.labels = problem.type == ProblemType::regression ? LabelSet({"LABEL_0"}) : LabelSet::of_values(values);
  if (problem.type == ProblemType::single_label && problem.labels.size() < 2)
    fail("{}: every row has the label \"{}\": there is nothing to tell apart", train_file, problem.labels.names()[0]);
  if (problem.labels.size() == 0) fail("{}: no row has a label", train_file);
  return problem;
}

}  // namespace thaw
