// SPDX-License-Identifier: Apache-2.0
// What a caller may say of classifying texts. The names of the fields are those that messages give.
#pragma once

#include <string>

namespace thaw {

struct ClassificationOptions {
  std::string text_column = "text", text_pair_column, label_column = "label";
  std::string label_separator;  // not empty: several labels a row
  std::string problem_type;     // empty: see given_problem()

  // Of training, with one label a text.
  std::string class_weights;   // "balanced", or a file of them; empty: all weigh alike
  double label_smoothing = 0;  // see ClassLoss

  // Of predictions.
  bool probabilities = false;  // those of all labels, not of the predicted ones alone
  double threshold = 0.5;      // several labels: from which probability on one is predicted
};

}  // namespace thaw
