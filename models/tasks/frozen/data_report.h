// SPDX-License-Identifier: Apache-2.0
// What is to be known of sequences before they are learnt from, and how far answers go without looking at most of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/data/sequences/sequence.h"
#include "models/tasks/task.h"

namespace thaw {

// Of splits by their names, the training data first. Told of the last of several splits: how many answers are right
// that are the training data's most frequent one; of sequences of ids with one answer also those that are the most
// frequent one of the training data's sequences with the same first id (of ListOps: the root's operator alone). Warned
// of: sequences that are there twice, in a split or in two, and how many of them with other answers; training data with
// one answer alone. std::invalid_argument: a split without sequences.
DataReport report_of_sequences(const SequenceFormat& format,
                               const std::vector<std::pair<std::string, std::vector<LabelledSequence>>>& splits);

}  // namespace thaw
