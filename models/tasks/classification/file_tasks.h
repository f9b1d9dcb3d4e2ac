// SPDX-License-Identifier: Apache-2.0
// The tasks of classifying pictures, sounds and films: that of texts, with another column.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/tasks/classification/task.h"
#include "models/tasks/medium.h"

namespace thaw {

// Of what is in files.
class FileClassificationTask : public ClassificationTask {
 public:
  FileClassificationTask(InputKind reads, FieldNames called)
      : ClassificationTask({.reads = reads, .file_column = std::string(medium_of(reads).column)}, std::move(called)) {}

  std::vector<OptionField> kept_facts() override { return {}; }
  void check_saved(const std::string& directory) const override;
  bool takes_several_files(const std::string&) const override { return true; }
};

class ImageClassificationTask : public FileClassificationTask {
 public:
  explicit ImageClassificationTask(FieldNames called = {})
      : FileClassificationTask(InputKind::pictures, std::move(called)) {}

  std::string_view name() const override { return "image-classification"; }
  TaskHelp help() const override;

 protected:
  std::vector<OptionField> input_options() override;
};

class AudioClassificationTask : public FileClassificationTask {
 public:
  explicit AudioClassificationTask(FieldNames called = {})
      : FileClassificationTask(InputKind::sounds, std::move(called)) {}

  std::string_view name() const override { return "audio-classification"; }
  TaskHelp help() const override;

 protected:
  std::vector<OptionField> input_options() override;
};

class VideoClassificationTask : public FileClassificationTask {
 public:
  explicit VideoClassificationTask(FieldNames called = {})
      : FileClassificationTask(InputKind::films, std::move(called)) {}

  std::string_view name() const override { return "video-classification"; }
  TaskHelp help() const override;

 protected:
  std::vector<OptionField> input_options() override;
};

}  // namespace thaw
