// SPDX-License-Identifier: Apache-2.0
// Parameters of a model that no example of its task can read.
#pragma once

#include <string>
#include <vector>

#include "models/tasks/task_model.h"

namespace thaw {

// Is what a task's model is beside a TaskModel, if it has such parameters.
class HasUnreadParameters {
 public:
  virtual ~HasUnreadParameters() = default;
  // Their names. They get no gradient, whatever is trained.
  virtual std::vector<std::string> unread_parameters() const = 0;
};

inline std::vector<std::string> unread_parameters(const TaskModel& model) {
  const auto* has_some = dynamic_cast<const HasUnreadParameters*>(&model);
  return has_some ? has_some->unread_parameters() : std::vector<std::string>();
}

}  // namespace thaw
