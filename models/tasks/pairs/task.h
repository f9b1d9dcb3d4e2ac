// SPDX-License-Identifier: Apache-2.0
// The tasks of pairs: vectors of pictures, or of sounds, and of texts that are near each other where they belong
// together.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/tasks/pairs/model.h"
#include "models/tasks/pairs/options.h"
#include "models/tasks/text_task.h"

namespace thaw {

class PairTask : public TextTask {
 public:
  PairTask(InputKind files, FieldNames called);

  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // There is nothing to decide: sees whether the columns are there.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> metric_names() const override { return metric_names_of_pairs(options_.files); }
  // Without max_length, texts are cut where model and tokenizer say.
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  bool batches_decide_loss() const override { return true; }
  // As rows that texts are told of.
  bool takes_several_files(const std::string&) const override { return !options_.candidates.empty(); }
  void check_saved(const std::string& directory) const override { check_saved_pair_model(directory, options_.files); }
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  std::string candidate_field() const;  // "candidate_image"

  PairOptions options_;
};

class ImageTextTask : public PairTask {
 public:
  explicit ImageTextTask(FieldNames called = {}) : PairTask(InputKind::pictures, std::move(called)) {}
  std::string_view name() const override { return "image-text"; }
};

class SpeechTextTask : public PairTask {
 public:
  explicit SpeechTextTask(FieldNames called = {}) : PairTask(InputKind::sounds, std::move(called)) {}
  std::string_view name() const override { return "speech-text"; }
};

}  // namespace thaw
