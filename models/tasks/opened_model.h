// SPDX-License-Identifier: Apache-2.0
// A model as its directory has it, of any kind, for what is no task: merging, and the like.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/tasks/task.h"
#include "models/text_model.h"
#include "models/text_writer.h"

namespace thaw {

class PairPipeline;

class OpenedModel {
 public:
  // std::runtime_error as of opening a directory, and where no architecture is named. Of a frozen transformer only its
  // task knows more than the body.
  OpenedModel(const std::string& directory, Device device);
  ~OpenedModel();

  ParameterStore& store() const;
  // With its tokenizer or what prepares its pictures, and its record.
  void save(const std::string& directory, const SaveOptions& options) const;
  // What it gives for a few made-up texts or sequences: logits, or of a writer the losses of a made-up target's tokens;
  // of a model of pairs vectors.
  std::vector<float> outputs() const;

 private:
  void save_with_processor(const std::string& directory, const SaveOptions& options) const;

  std::string directory_;
  std::unique_ptr<TextModel> model_;
  std::unique_ptr<TextWriter> writer_;
  std::unique_ptr<PairPipeline> pairs_;
  std::unique_ptr<Task> task_;  // of a frozen transformer
  std::unique_ptr<TaskModel> transformer_;
};

}  // namespace thaw
