// SPDX-License-Identifier: Apache-2.0
// The part of a Task that is the same for every task of texts: how long a text may be, and what is checked of columns
// and directories.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/tasks/task.h"
#include "models/tasks/text_pipeline.h"
#include "models/text_writer.h"

namespace thaw {

class TextTask : public Task {
 public:
  using Task::Task;

  // Without max_length, texts are cut where model and tokenizer say.
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  void check_saved(const std::string& directory) const override { check_saved_text_model(directory); }

 protected:
  // The option --max-length, kept with the model.
  OptionField max_length_option();
  // A column of the data, kept with the model: evaluations and predictions read it again.
  static OptionField kept_column(std::string name, std::string& column, std::string help) {
    return {.name = std::move(name), .field = &column, .help = std::move(help), .kept = true, .of_data = true};
  }
  int64_t max_length() const { return max_length_; }
  // std::invalid_argument if it leaves no room for so many special tokens.
  void check_room(int64_t special_tokens) const;
  // (field, its column): std::invalid_argument if two have one column. An empty column is none.
  void check_columns(const std::vector<std::pair<std::string_view, std::string>>& roles) const;
  TextPipelineOptions pipeline_options(const TaskOpening& opening) const;
  // The same of models that write texts.
  static WriterOpening writer_opening(const TaskOpening& opening);
  // check_data() where texts that are too long become several examples, and nothing else is read.
  DataReport survey_of_texts(const std::string& directory, const std::vector<DataSplit>& splits,
                             const std::string& column) const;

 private:
  int64_t max_length_ = 0;  // tokens; 0: what the model takes, at most 512
};

}  // namespace thaw
