// SPDX-License-Identifier: Apache-2.0
// Decides whether a checkpoint's head of classes fits the labels that a caller has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/text_model.h"

namespace thaw {

// The classes of a head, as a caller wants them.
struct HeadLabels {
  std::vector<std::string> labels = {};          // empty: the checkpoint's own
  std::optional<ProblemType> problem_type = {};  // absent: the checkpoint's own
};

// Are all labels "0", "1", ..., numbers of classes whose own names are no numbers?
bool are_class_numbers(const std::vector<std::string>& labels, const std::vector<std::string>& classes);

// Gives the model the labels that the caller wants, in a head whose architecture ends in `ending`: a new one where the
// checkpoint's is for others. The head stays, with all of its labels in its order, if the caller's are among them or
// are numbers of its classes; one whose labels have no names of their own (LABEL_0, ...) takes the caller's names, if
// there are as many; a regression's stays if it has as many outputs, and several no classes with names. True if the
// caller's are numbers of the checkpoint's classes. std::runtime_error if config.json and the weights tell of other
// numbers of labels.
bool fit_head(TextCheckpoint& checkpoint, std::string_view ending, const HeadLabels& wanted);

}  // namespace thaw
