// SPDX-License-Identifier: Apache-2.0
// What a caller may say of classifying texts. The names of the fields are those that messages give.
#pragma once

#include <string>
#include <vector>

#include "models/input/input_kind.h"
#include "models/tasks/class_loss_options.h"

namespace thaw {

struct ClassificationOptions {
  InputKind reads = InputKind::texts;
  std::string text_column = "text", text_pair_column, label_column = "label";
  std::string file_column;      // of paths, of what is in files (Medium::column)
  std::string label_separator;  // not empty: several labels or numbers a row
  std::string problem_type;     // empty: see given_problem()

  ClassLossOptions class_loss = {};  // of training, with one label a text
  // Of training, of a model that reads from left to right: the loss of next tokens, times this, is added (Radford et
  // al. 2018).
  double lm_weight = 0;

  // Of training, with several labels a text: the threshold of the model that is made. A number; "auto": searched on the
  // validation data afterwards, see search_threshold(); empty: even_threshold.
  std::string asked_threshold;

  // Of predictions, the threshold of evaluations, too.
  bool probabilities = false;  // those of all labels, not of the predicted ones alone
  // Several labels: the probability above which one is predicted. For a training, asked_threshold decides it.
  double threshold = 0.5;

  // Those of what the model reads, in the order in which it is given to it.
  std::vector<std::string> input_columns() const {
    if (reads != InputKind::texts) return {file_column};
    if (text_pair_column.empty()) return {text_column};
    return {text_column, text_pair_column};
  }
};

}  // namespace thaw
