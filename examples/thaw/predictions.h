// SPDX-License-Identifier: Apache-2.0
// Rows in, what a model says of them out, in their order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "examples/thaw/adapter_arguments.h"
#include "models/tasks/task.h"
#include "models/tasks/task_model.h"

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

// What is asked of every program that predicts.
struct PredictionArguments {
  std::string model = {}, device = {};
  std::string file = "-", format = {}, output_format = {};
  int64_t batch_size = 32;
};

// What a program says of these in its help.
struct PredictionWords {
  std::string model;      // what a directory must hold
  std::string row, rows;  // "text", "texts"
  std::vector<std::string> output_formats;
  std::string output_format;  // what they are, and which is usual
  std::string batch;          // what is computed at once
};

// --model, --device, --input-file, --format, --output-format, --batch-size.
void add_prediction_options(CLI::App& command, PredictionArguments& arguments, const PredictionWords& words);

// Rows of the file, "-" of the standard input; as_json and as_text by the output format.
PredictionRequest request_of(const PredictionArguments& arguments);

// Opens a trained model of the task and tells what there is to know of it, on the standard error.
std::unique_ptr<TaskModel> open_to_predict(Task& task, const PredictionArguments& arguments);

// On the standard error, where the numbers of a model that is to say something say that it never learnt.
void warn_if_untrained(TaskModel& model, const std::string& directory);

// The rows of the request, each by the adapter that its column names (AdapterArguments::column()): all are opened on
// --model, which is in memory once. `make_task`: the task of an adapter's directory, with its options.
void predict_by_adapters(AdapterArguments& adapters, const PredictionArguments& arguments,
                         const PredictionRequest& request,
                         const std::function<std::unique_ptr<Task>(const std::string&)>& make_task);

// Prints the predictions of all rows, as soon as so many are read; notes go to the standard error.
void print_predictions(TaskModel& model, const PredictionRequest& request, int64_t rows);

}  // namespace thaw
