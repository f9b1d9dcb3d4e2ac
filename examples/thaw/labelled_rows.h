// SPDX-License-Identifier: Apache-2.0
// Rows of a data file as a classifier needs them: a text, perhaps a second one, perhaps a label; and what kind of
// problem the labels pose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "examples/thaw/arguments.h"
#include "models/classification_loss.h"
#include "models/data/labels.h"
#include "models/data/table.h"

namespace thaw {

struct LabelledRow {
  std::string text, pair, label;  // pair is empty without --text-pair-column
};

class LabelledRows {
 public:
  LabelledRows(const std::string& file, const DataArguments& arguments);

  bool next(LabelledRow& row);
  std::string where() const { return reader_.where(row_); }  // "FILE:LINE" of the last row

 private:
  bool has_pair_;
  TableReader reader_;
  TableRow row_;
};

// What is to be learnt: the type of the problem and its labels.
struct Problem {
  ProblemType type = ProblemType::single_label;
  LabelSet labels;        // regression: one, named as the reference names it
  std::string separator;  // multi-label: between the labels of a row

  // Appends the truth that a cell holds; `where` begins the message if it holds none.
  void add_target(const std::string& cell, const std::string& where, ClassificationTargets& targets) const;
};

// Reads the labels of a training file. The type is `given` if it is; else multi-label if there is a --label-separator,
// regression if all labels are numbers and one has a fraction, single-label otherwise.
Problem find_problem(const std::string& train_file, const DataArguments& arguments, std::optional<ProblemType> given);

}  // namespace thaw
