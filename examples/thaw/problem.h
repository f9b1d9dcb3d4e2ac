// SPDX-License-Identifier: Apache-2.0
// What is to be learnt, as the labels of a training file and what was given before pose it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/thaw/arguments.h"
#include "models/classification_loss.h"
#include "models/data/labels.h"
#include "models/text_classifier.h"

namespace thaw {

struct Problem {
  ProblemType type = ProblemType::single_label;
  LabelSet labels;        // regression: one, named as the reference names it
  std::string separator;  // multi-label: between the labels of a row
  // Multi-label with 0/1 vectors: the label of each place of a vector; empty where cells name labels.
  std::vector<std::string> places;
  std::string type_is_from;           // what asked for the type, for messages; empty: the data
  std::vector<std::string> warnings;  // lines about labels that hardly mean what they are read as

  // Appends the truth that a cell holds; `where` begins the message if it holds none.
  void add_target(const std::string& cell, const std::string& where, ClassificationTargets& targets) const;
  // Classification: the names of a cell's labels, known or not. Errors as in add_target.
  std::vector<std::string> labels_of(const std::string& cell, const std::string& where) const;
  // Regression: a cell's number.
  double number_of(const std::string& cell, const std::string& where) const;
  // The model's labels, all of them and in its order, in the place of the data's.
  void use_labels_of(const TextClassifier& model);
  // The warnings, and that labels are vectors if they are, on the standard error.
  void print_warnings() const;
};

// Reads the labels of a training file. The type is the given one if there is one; else multi-label if there is a
// --label-separator, regression if all labels are numbers and one is not written as an integer, single-label otherwise.
// Cells that are all 0/1 vectors of one length mean the labels at their ones: the model's labels if it has as many,
// else "0", "1", ... Throws std::runtime_error (FILE:LINE: ...) on labels that pose no problem or a doubtful one, and
// std::invalid_argument if they need another option.
Problem find_problem(const std::string& train_file, const DataArguments& arguments, const GivenProblem& given);

}  // namespace thaw
