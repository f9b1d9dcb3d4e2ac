// SPDX-License-Identifier: Apache-2.0
// Asks the directory's record.
#include "models/tasks/misfit_of_task.h"

#include <optional>

#include "models/tasks/task_record.h"
#include "tensor/check.h"

namespace thaw {

void fail_for_task(const ChangeMisfit& misfit, const std::string& directory, std::string_view task) {
  const std::optional<TaskRecord> record = read_task_record(directory);
  if (!record || record->task == task) throw ChangeMisfit(misfit);
  fail(
      "{}: was trained by the task {}, and does not fit a model of the task {}; the model that `thaw merge` makes of "
      "it "
      "does ({})",
      directory, record->task, task, misfit.what());
}

}  // namespace thaw
