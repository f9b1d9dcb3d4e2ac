// SPDX-License-Identifier: Apache-2.0
// Rows in, what a model says of them out, in their order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/tasks/task.h"
#include "models/tasks/task_model.h"

namespace thaw {

// Opens a trained model of the task and tells what there is to know of it, on the standard error.
std::unique_ptr<TaskModel> open_to_predict(Task& task, const std::string& directory, const std::string& device);

// Prints the predictions of all rows, as soon as so many are read; notes go to the standard error.
void print_predictions(TaskModel& model, const PredictionRequest& request, int64_t rows);

}  // namespace thaw
