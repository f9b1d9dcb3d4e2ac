// SPDX-License-Identifier: Apache-2.0
// The task of classifying pictures: that of texts, with another column.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/tasks/classification/task.h"

namespace thaw {

class ImageClassificationTask : public ClassificationTask {
 public:
  explicit ImageClassificationTask(FieldNames called = {})
      : ClassificationTask({.reads = InputKind::pictures}, std::move(called)) {}

  std::string_view name() const override { return "image-classification"; }
  std::vector<OptionField> kept_facts() override { return {}; }
  TaskHelp help() const override;
  void check_saved(const std::string& directory) const override;

 protected:
  std::vector<OptionField> input_options() override;
};

}  // namespace thaw
