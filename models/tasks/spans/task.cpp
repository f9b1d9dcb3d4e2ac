// SPDX-License-Identifier: Apache-2.0
// Options and data of the task of missing spans.
#include "models/tasks/spans/task.h"

#include <optional>

#include "models/data/table.h"
#include "models/families.h"
#include "models/tasks/spans/model.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"

namespace thaw {

std::vector<OptionField> SpansTask::options(TaskUse use) {
  std::vector<OptionField> list = {{"text_column", &options_.text_column, "column of the text"}, max_length_option()};
  if (use == TaskUse::prediction) return list;
  list[1].help =
      "of what is left of a text, sentinels among it; longer texts become several examples (default: what model and "
      "tokenizer allow, at most 512)";
  list.push_back({.name = "noise_density",
                  .field = &options_.noise_density,
                  .help = "share of a text's tokens that go missing",
                  .range = {0, 1, true, true},
                  .kept = true});
  list.push_back({.name = "mean_noise_span_length",
                  .field = &options_.mean_noise_span_length,
                  .help = "tokens of a missing span, on average",
                  .range = {1, OptionRange::infinity},
                  .kept = true});
  list.push_back({.name = "join_texts",
                  .field = &options_.join_texts,
                  .help = "join the texts in the order of the file and cut all into examples of one length",
                  .kept = true});
  return list;
}

TaskHelp SpansTask::help() const {
  return {.data =
              "Learning to write missing spans takes texts alone, line by line or row by row. A text that is too long "
              "becomes several\nexamples, cut between words: nothing is cut off. Texts of fewer than two tokens, or "
              "with sentinels in them, are passed\nover; finetune says how many. Warned of: duplicates, leaks between "
              "splits, empty texts, unknown tokens.",
          .predictions =
              "Of a text with sentinels (<extra_id_0>, <extra_id_1>, ... where something is missing): text, the same "
              "with what the model\nwrites in their places, and source. JSONL: \"source\", \"text\", and \"spans\", by "
              "sentinel. A text without a sentinel is an\nerror."};
}

void SpansTask::check_options(TaskUse) const { check_room(3); }

void SpansTask::look_at(const std::string& directory, const std::string& train_file) {
  if (!directory.empty()) check_writes_texts(directory);
  TableReader(train_file, {.columns = {options_.text_column}, .text_columns = {options_.text_column}});
}

std::unique_ptr<TaskModel> SpansTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  check_writes_texts(directory);
  return std::make_unique<SpansModel>(
      directory,
      TextToTextOptions{.opening = writer_opening(opening), .max_length = max_length(), .trained = opening.trained},
      options_, called_);
}

DataReport SpansTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  if (!directory.empty()) check_writes_texts(directory);
  return survey_of_texts(directory, splits, options_.text_column);
}

}  // namespace thaw
