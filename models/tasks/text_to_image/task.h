// SPDX-License-Identifier: Apache-2.0
// The task of drawing pictures of captions: a causal model reads a caption and tells a picture's pixels one by one, as
// colours of a palette (the second stage of Ramesh et al. 2021, whose first, which makes tokens of large pictures, a
// palette stands for).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/image_tokens.h"
#include "models/tasks/text_task.h"
#include "models/tasks/text_to_image/evaluation.h"
#include "models/tasks/text_to_image/options.h"

namespace thaw {

class TextToImageTask : public TextTask {
 public:
  using TextTask::TextTask;

  std::string_view name() const override { return "text-to-image"; }
  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;
  // What a directory says of pictures, or what the data to learn from ask for.
  void look_at(const std::string& directory, const std::string& train_file) override;
  std::vector<std::string> notes() const override;
  std::vector<std::string> metric_names() const override { return TextToImageEvaluation::metric_names(); }
  bool would_find(std::string_view option, const std::string& directory, const std::string& train_file) const override;
  void check_saved(const std::string& directory) const override;
  DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  // As look_at() decides; without a directory of pictures alone.
  ImageTokens tokens_for(const std::string& directory, const std::string& train_file) const;

  TextToImageOptions options_;
  std::optional<ImageTokens> tokens_;  // by look_at()
  bool is_new_ = false;                // ... of the data
};

}  // namespace thaw
