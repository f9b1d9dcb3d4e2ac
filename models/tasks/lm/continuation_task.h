// SPDX-License-Identifier: Apache-2.0
// The task of telling what comes next, asked for texts: what follows a prompt.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/tasks/lm/continuation_options.h"
#include "models/tasks/lm/task.h"

namespace thaw {

class ContinuationTask : public LmTask {
 public:
  // A text of a model that no run of ours saved begins as the tokenizer has it.
  explicit ContinuationTask(FieldNames called = {}) : LmTask(std::move(called)) { options_.document_tokens = "none"; }

  std::vector<OptionField> options(TaskUse use) override;
  TaskHelp help() const override;
  void check_options(TaskUse use) const override;

 protected:
  std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const override;

 private:
  ContinuationOptions how_;
};

}  // namespace thaw
