// SPDX-License-Identifier: Apache-2.0
// Options and data of the task of masked words.
#include "models/tasks/mlm/task.h"

#include "models/data/table.h"
#include "models/tasks/mlm/model.h"

namespace thaw {

std::vector<OptionField> MlmTask::options(TaskUse use) {
  std::vector<OptionField> list = {{"text_column", &options_.text_column, "column of the text"}, max_length_option()};
  if (use != TaskUse::prediction) {
    list[1].help =
        "texts of more tokens become several examples (default: what model and tokenizer allow, at most 512)";
    list.push_back({.name = "mlm_probability",
                    .field = &options_.mlm_probability,
                    .help = "share of a text's tokens that are to be found again, at least one a text",
                    .range = {0, 1, true, true},
                    .kept = true});
    list.push_back({.name = "token_mask",
                    .field = &options_.token_mask,
                    .help = "draw tokens to mask one by one, not whole words",
                    .kept = true});
  } else {
    list.push_back(
        {.name = "top_k", .field = &options_.top_k, .help = "how many words for each mask", .range = {1, 1'000'000}});
  }
  return list;
}

TaskHelp MlmTask::help() const {
  return {.data =
              "Learning masked words takes texts alone. They are read line by line (or row by row) and not joined; a "
              "text that is too\nlong becomes several examples, cut between words: nothing is cut off. A text, or a "
              "part, without a word (empty, special and\nunknown tokens alone) is passed over; finetune says how many. "
              "Warned of: duplicates, "
              "leaks between splits, empty texts, unknown tokens.",
          .predictions =
              "Of a text with [MASK] (the tokenizer's mask token): mask (which of the text's, from 1), word, "
              "probability, text; a line for\neach of the --top-k likeliest words. JSONL: \"masks\", a list of such "
              "words for each mask. A text without a mask is an error."};
}

void MlmTask::check_options(TaskUse) const { check_room(3); }

void MlmTask::look_at(const std::string&, const std::string& train_file) {
  TableReader(train_file, {.columns = {options_.text_column}, .text_columns = {options_.text_column}});
}

std::unique_ptr<TaskModel> MlmTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  return std::make_unique<MlmModel>(directory, pipeline_options(opening), options_, called_);
}

DataReport MlmTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  return survey_of_texts(directory, splits, options_.text_column);
}

}  // namespace thaw
