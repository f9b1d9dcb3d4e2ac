// SPDX-License-Identifier: Apache-2.0
// What a caller may say of labelling words. The names of the fields are those that messages give.
#pragma once

#include <string>

#include "models/tasks/class_loss_options.h"

namespace thaw {

struct TokensOptions {
  // JSONL: members of a row. CoNLL: numbers of columns, from 1; the name that stands here: the first and the last.
  std::string words_column = "tokens", tags_column = "tags";
  ClassLossOptions class_loss = {};  // of training
  bool probabilities = false;        // of predictions: that of each word's label
};

}  // namespace thaw
