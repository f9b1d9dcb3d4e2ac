// SPDX-License-Identifier: Apache-2.0
// The task of writing a text for a text: translation, summaries, answers, labels as words (Raffel et al. 2020).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/tasks/text2text/evaluation.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text2text/target_tokens.h"
#include "models/tasks/text_task.h"

namespace thaw {

class Text2TextTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "text2text"; }
  std::vector<OptionField> options(TaskUse use) override;
  std::vector<OptionField> kept_facts() override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // Finds what is not given: max_target_length, which holds 999 of 1,000 targets, and label_words, if targets are
  // labels.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> notes() const override;
  std::vector<std::string> warnings() const override { return warnings_; }
  std::vector<std::string> metric_names() const override;
  // Of a mixture, its table.
  OwnData own_data() const override;
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  std::string found_label_words(const std::string& train_file) const;
  // What holds so many of 1,000 targets, each cut to `most` tokens.
  // `kept` gets what was tokenized to find out.
  int64_t longest_target(const std::string& directory, const std::string& train_file, int64_t most, int64_t per_mille,
                         TokenizedTargets* kept = nullptr) const;
  int64_t usual_target(const std::string& directory, const std::string& train_file,
                       TokenizedTargets* kept = nullptr) const;
  // What is learnt from, with the options of each: the file, or those of a mixture's tasks.
  std::vector<std::pair<std::string, Text2TextOptions>> training_files(const std::string& train_file) const;
  // That each task of a mixture has its columns, labels where it is judged by them, and room behind its prefix.
  void check_tasks(const std::string& directory) const;
  DataReport check_mixture(const std::string& directory);

  Text2TextOptions options_;
  std::vector<std::string> notes_, warnings_;
  std::shared_ptr<TokenizedTargets> targets_ = std::make_shared<TokenizedTargets>();  // that look_at() tokenized
};

}  // namespace thaw
