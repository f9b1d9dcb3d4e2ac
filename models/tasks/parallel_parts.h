// SPDX-License-Identifier: Apache-2.0
// Parts of a model that stand side by side: each reads data, and nothing of another one.
#pragma once

#include <string>
#include <vector>

#include "models/tasks/task_model.h"

namespace thaw {

// Is what a task's model is beside a TaskModel, if it has such parts.
class HasParallelParts {
 public:
  virtual ~HasParallelParts() = default;
  // Of each part what the names of its parameters begin with: "vision_model", "visual_projection".
  virtual std::vector<std::vector<std::string>> parallel_parts() const = 0;
};

inline std::vector<std::vector<std::string>> parallel_parts(const TaskModel& model) {
  const auto* has_some = dynamic_cast<const HasParallelParts*>(&model);
  return has_some ? has_some->parallel_parts() : std::vector<std::vector<std::string>>();
}

}  // namespace thaw
