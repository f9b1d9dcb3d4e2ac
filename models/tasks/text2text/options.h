// SPDX-License-Identifier: Apache-2.0
// What a caller may say of learning to write a text for a text. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/generation/overrides.h"
#include "models/tasks/text2text/comma_list.h"
#include "models/tasks/text2text/label_words.h"
#include "models/tasks/text2text/token_words.h"

namespace thaw {

struct Text2TextOptions {
  std::string source_column = "source", target_column = "target";
  std::string source_prefix;        // before every source: "translate English to German: "
  int64_t max_target_length = 0;    // tokens; 0: see Text2TextTask::look_at
  int64_t found_target_length = 0;  // what the training data asked for, where it was not given
  double label_smoothing = 0;

  // Several tasks at once: a table of them (mixture_table.h) instead of files of data.
  std::string mixture;
  int64_t mixture_cap = 16384;     // examples of a task that count for its rate; 0: all
  double mixture_temperature = 1;  // rates are as (examples)^(1 / this)
  int64_t mixture_examples = 0;    // of an epoch; 0: the examples that count

  // Targets that are labels: accuracy counts them. With commas between them; empty: those found.
  std::string label_words;
  std::string found_label_words;  // in the training data, one a line

  GenerationOverrides generation;  // to predict and to judge

  // Of predictions.
  std::string target_prefix;  // what every text that is written begins with
  TokenWords tokens;
  bool truncate = false;  // sources that are too long lose their ends

  int64_t target_length() const { return max_target_length > 0 ? max_target_length : found_target_length; }
  std::vector<std::string> labels() const {
    return label_words.empty() ? label_words_of(found_label_words) : comma_list(label_words);
  }
};

}  // namespace thaw
