// SPDX-License-Identifier: Apache-2.0
// What is to be learnt, as the labels of a training file and what was given before pose it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/classification_loss.h"
#include "models/data/field_names.h"
#include "models/data/labels.h"
#include "models/tasks/classification/options.h"
#include "models/tasks/classification/text_classifier.h"

namespace thaw {

// What is known of the problem before the data are read.
struct GivenProblem {
  std::optional<ProblemType> type = {};
  bool is_option = true;                        // a caller's option gave the type, not the model's config.json
  std::string type_is_from = {};                // for messages: that option, or the file
  std::vector<std::string> labels = {};         // the model's; empty if it names none
  std::optional<ProblemType> models_type = {};  // as its config.json says
};
// The option problem_type, else what the config.json of the model's directory says (empty: there is none), else
// nothing; with a label_separator a config.json of several numbers alone is asked. And the model's labels.
GivenProblem given_problem(const std::string& directory, const ClassificationOptions& options,
                           const FieldNames& called);

struct Problem {
  ProblemType type = ProblemType::single_label;
  LabelSet labels;        // regression: its outputs, named as the model or the reference names them
  std::string separator;  // between the labels of a row, or between its numbers; empty: there is one
  // Multi-label with 0/1 vectors: the label of each place of a vector; empty where cells name labels.
  std::vector<std::string> places;
  std::map<std::string, int64_t> counts;  // rows of the training data that have each label
  GivenProblem given;                     // what asked for the type; nothing: the data
  std::vector<std::string> warnings;      // lines about labels that hardly mean what they are read as
  std::vector<std::string> notes;         // of problem_of(): lines about how a file's labels are read
  FieldNames called;

  // Appends the truth that a cell holds; `where` begins the message if it holds none.
  void add_target(const std::string& cell, const std::string& where, ClassificationTargets& targets) const;
  // Classification: the names of a cell's labels, known or not. Errors as in add_target.
  std::vector<std::string> labels_of(const std::string& cell, const std::string& where) const;
  // Regression: a cell's numbers, one for each label.
  std::vector<double> numbers_of(const std::string& cell, const std::string& where) const;
  // The model's labels, all of them and in its order, in the place of the data's.
  void use_labels_of(const TextClassifier& model);
};

// The problem that a model was trained for, as the labels of a file pose it: all of them are the model's, or numbers of
// its classes, or 0/1 vectors of as many. std::runtime_error (FILE:LINE: ...) on a broken row, std::invalid_argument
// without a label_separator where a row may have several labels or has several numbers. Other labels are for
// add_target() to refuse.
Problem problem_of(const TextClassifier& model, const std::string& file, const ClassificationOptions& options,
                   const FieldNames& called);

// Reads the labels of a training file. The type is the given one if there is one; else regression if all labels are
// numbers (with a label_separator lists of numbers of one length, but no 0/1 vectors) and one number is not written as
// an integer; else multi-label if there is a label_separator, single-label otherwise.
// Cells that are all 0/1 vectors of one length mean the labels at their ones: the model's labels if it has as many,
// else "0", "1", ... Throws std::runtime_error (FILE:LINE: ...) on labels that pose no problem or a doubtful one, and
// std::invalid_argument if they need another option.
Problem find_problem(const std::string& train_file, const ClassificationOptions& options, const GivenProblem& given,
                     const FieldNames& called = {});

}  // namespace thaw
