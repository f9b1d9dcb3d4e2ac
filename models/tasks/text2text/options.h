// SPDX-License-Identifier: Apache-2.0
// What a caller may say of learning to write a text for a text. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

struct Text2TextOptions {
  std::string source_column = "source", target_column = "target";
  std::string source_prefix;      // before every source: "translate English to German: "
  int64_t max_target_length = 0;  // tokens; 0: see Text2TextTask::look_at
  double label_smoothing = 0;

  // Several tasks at once: a table of them (mixture_table.h) instead of files of data.
  std::string mixture;
  int64_t mixture_cap = 16384;     // examples of a task that count for its rate; 0: all
  double mixture_temperature = 1;  // rates are as (examples)^(1 / this)
  int64_t mixture_examples = 0;    // of an epoch; 0: the examples that count

  // How texts are written, to predict and to judge; where a number is 0 or a word is empty, as the model's
  // generation_config.json says, else as GenerationOptions does.
  int64_t num_beams = 0;
  double length_penalty = 0;
  std::string early_stopping = "model";  // as generation_config.json says; or "true", "false", "never"
  int64_t min_new_tokens = 0;
  int64_t no_repeat_ngram_size = 0;
  double repetition_penalty = 0;
  int64_t num_return_sequences = 1;  // of predictions

  // Of predictions.
  bool do_sample = false;
  double temperature = 0;
  int64_t top_k = 0;
  double top_p = 0, min_p = 0;
  int64_t seed = 42;
  bool truncate = false;  // sources that are too long lose their ends
};

}  // namespace thaw
